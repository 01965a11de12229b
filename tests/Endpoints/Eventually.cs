namespace Instrumentator.Tests;

/// <summary>Waits until a condition holds, for ten seconds at most.</summary>
internal static class Eventually
{
    public static async Task Holds(Func<bool> condition, Func<string> seen)
    {
        for (var i = 0; i < 500; i++)
        {
            if (condition())
                return;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        Assert.Fail($"It did not come to hold within ten seconds. Last seen: {seen()}");
    }
}
