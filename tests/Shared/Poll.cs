namespace Instrumentator.Shared;

/// <summary>Asks again until the answer is good: what another process does takes its time.</summary>
internal static class Poll
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The first good answer, or else the last one.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> isGood, TimeSpan atMost)
    {
        using var deadline = new CancellationTokenSource(atMost);
        var answer = await ask();
        while (!isGood(answer) && !deadline.IsCancellationRequested)
        {
            await Task.Delay(_pause, TestContext.Current.CancellationToken);
            answer = await ask();
        }
        return answer;
    }
}
