namespace Instrumentator;

/// <summary>A run of callbacks, one after another, on a thread that is not of the pool, until one of them
/// hangs.</summary>
#pragma warning disable CA1001 // A source of cancellation without a timer or a wait handle has nothing to dispose of.
internal sealed class CallbackRun(IReadOnlyList<ScrapeCallback> callbacks)
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _givenUp = new();

    // The index of the callback that runs.
    private int _current;

    /// <summary>Runs all callbacks. If one hangs, the later ones run at once, each on a thread of its own, so a scrape
    /// waits twice as long as for one callback at most.</summary>
    public static async Task RunAsync(IReadOnlyList<ScrapeCallback> callbacks)
    {
        var ended = await new CallbackRun(callbacks).RunAsync().ConfigureAwait(false);
        await Task
            .WhenAll(callbacks.Skip(ended + 1).Select(later => new CallbackRun([later]).RunAsync()))
            .ConfigureAwait(false);
    }

    // Returns the number of callbacks that ended before one did not.
    private async Task<int> RunAsync()
    {
        var run = Task.Factory.StartNew(
            RunEachAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, OwnThreadScheduler.Instance);
        while (true)
        {
            var current = Volatile.Read(ref _current);
            if (await EndsAsync(run.Unwrap()).ConfigureAwait(false))
                return callbacks.Count;
            if (current != Volatile.Read(ref _current))
                continue;
            _ = _givenUp.CancelAsync();
            callbacks[current].GiveUp();
            return current;
        }
    }

    private static async Task<bool> EndsAsync(Task run)
    {
        await run.WaitAsync(ScrapeCallbacks.Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return run.IsCompleted;
    }

    private async Task RunEachAsync()
    {
        for (var i = 0; i < callbacks.Count && !_givenUp.IsCancellationRequested; i++)
        {
            Volatile.Write(ref _current, i);

            // The next callback runs on a thread that is not of the pool as well.
            await callbacks[i].RunAsync(_givenUp.Token).ConfigureAwait(true);
        }
    }
}
