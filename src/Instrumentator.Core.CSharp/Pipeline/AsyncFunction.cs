namespace Instrumentator;

/// <summary>An asynchronous metric function with limits on time and unfinished runs: one that hangs holds neither
/// the connection nor all memory.</summary>
/// <param name="function">The user's function.</param>
/// <param name="limit">The maximum time to wait.</param>
/// <param name="clock">Measures the limit.</param>
/// <param name="errors">Receives failures.</param>
internal sealed class AsyncFunction(
    Func<Info, ValueTask> function, TimeSpan limit, TimeProvider clock, FunctionErrors errors)
{
    private readonly UnfinishedRuns _unfinished = UnfinishedRuns.Of(function);

    // The code before the first await runs on the connection's thread, and no time limit can end it.
    private readonly Bulkhead _starting = Bulkhead.Of(function);

    /// <summary>Runs the function for a request and waits no longer than the limit. Never throws.</summary>
    public async Task RunAsync(Info info)
    {
        if (!_unfinished.TryAdd())
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

    /// <summary>Returns the exception of a run, however late, or null: so no exception stays unobserved.</summary>
    private async Task<Exception?> RunToEndAsync(Info info)
    {
        try
        {
            if (_starting.TryEnter(out var place))
                await StartAsync(info, place).ConfigureAwait(false);
            else
                errors.Skipped();
            return null;
        }
#pragma warning disable CA1031 // Whatever a metric function throws must not affect the request.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
        finally
        {
            _unfinished.Remove();
        }
    }

    private ValueTask StartAsync(Info info, int place)
    {
        try
        {
            return function(info);
        }
        finally
        {
            _starting.Leave(place);
        }
    }
}
