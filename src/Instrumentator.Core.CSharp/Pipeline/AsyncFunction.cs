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
    // Longer than until a run is late: by then, those that started just after this one are late as well.
    private static readonly TimeSpan _step = UnfinishedRuns.Late * 1.25;

    private readonly UnfinishedRuns _unfinished = UnfinishedRuns.Of(function);

    // The code before the first await runs on the connection's thread, and no time limit can end it.
    private readonly Bulkhead _starting = Bulkhead.Of(function);

    /// <summary>Runs the function for a request and waits no longer than the limit. Never throws.</summary>
    public async Task RunAsync(Info info)
    {
        if (_unfinished.AreMany)
        {
            errors.Unfinished();
            return;
        }
        var run = RunToEndAsync(info);
        await WaitAsync(run).ConfigureAwait(false);
        if (run.IsCompleted)
            Report(await run.ConfigureAwait(false));
        else if (_unfinished.AreMany)
            errors.Unfinished();
        else
            errors.TookLongerThan(limit);
    }

    // Stops waiting early if the function is left out meanwhile.
    private async Task WaitAsync(Task run)
    {
        var started = clock.GetTimestamp();
        while (!run.IsCompleted && limit - clock.GetElapsedTime(started) is var rest && rest > TimeSpan.Zero)
        {
            await run.WaitAsync(rest < _step ? rest : _step, clock)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_unfinished.AreMany)
                return;
        }
    }

    private void Report(Exception? exception)
    {
        if (exception is not null)
            errors.Threw(exception);
    }

    /// <summary>Returns the exception of a run, however late, or null: so no exception stays unobserved.</summary>
    private async Task<Exception?> RunToEndAsync(Info info)
    {
        try
        {
            if (_starting.TryEnter(out var place))
                await EndAsync(StartAsync(info, place)).ConfigureAwait(false);
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
    }

    // Most runs have ended by now, and need not be counted.
    private ValueTask EndAsync(ValueTask run) => run.IsCompleted ? run : AwaitAsync(run);

    private async ValueTask AwaitAsync(ValueTask run)
    {
        var counted = _unfinished.Add(clock);
        try
        {
            await run.ConfigureAwait(false);
        }
        finally
        {
            _unfinished.Remove(counted);
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
