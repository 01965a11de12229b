namespace Instrumentator;

/// <summary>An asynchronous metric function, bounded in time and number: one that hangs keeps neither the connection nor all memory.</summary>
/// <param name="function">What the user wrote.</param>
/// <param name="limit">How long it is waited for.</param>
/// <param name="clock">Tells when that is over.</param>
/// <param name="errors">Told what goes wrong.</param>
internal sealed class AsyncFunction(Func<Info, ValueTask> function, TimeSpan limit, TimeProvider clock, FunctionErrors errors)
{
    private readonly Bulkhead _unfinished = Bulkhead.OfUnfinished(function);

    // What comes before the first await runs on the connection's thread, and no time limit can end it.
    private readonly Bulkhead _starting = Bulkhead.Of(function);

    /// <summary>Runs it for one request, and waits no longer than the limit. Never throws.</summary>
    public async Task RunAsync(Info info)
    {
        if (!_unfinished.TryEnter())
        {
            errors.Unfinished();
            return;
        }
        var run = RunToEndAsync(info);
        if (!run.IsCompleted)
            await ((Task)run).WaitAsync(limit, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!run.IsCompleted)
            errors.TookLongerThan(limit);
        else if (await run.ConfigureAwait(false) is { } exception)
            errors.Threw(exception);
    }

    /// <summary>What it threw, if it threw anything, whenever that was: so nothing is left that nobody observes.</summary>
    private async Task<Exception?> RunToEndAsync(Info info)
    {
        try
        {
            if (_starting.TryEnter())
                await StartAsync(info).ConfigureAwait(false);
            else
                errors.Skipped();
            return null;
        }
#pragma warning disable CA1031 // Whatever a metric function throws, the request must not feel it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
        finally
        {
            _unfinished.Leave();
        }
    }

    private ValueTask StartAsync(Info info)
    {
        try
        {
            return function(info);
        }
        finally
        {
            _starting.Leave();
        }
    }
}
