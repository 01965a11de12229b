namespace Instrumentator;

/// <summary>Code of the app that runs before each scrape: the callback of a metric, or a hook. It may throw or
/// hang.</summary>
/// <param name="name">Its name in the log and in the counter of errors.</param>
/// <param name="run">The code.</param>
/// <param name="errors">Counts and logs errors.</param>
internal sealed class ScrapeCallback(
    string name, Func<CancellationToken, ValueTask> run, CallbackErrors errors)
{
    private int _isRunning;

    /// <summary>Runs the code, unless an earlier run has not ended. Never throws.</summary>
    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isRunning, 1) == 1)
        {
            errors.Add(name, "was left out of a scrape because an earlier run has not ended.");
            return;
        }
        try
        {
            await run(cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A callback that fails must not fail the scrape.
        catch (Exception e)
#pragma warning restore CA1031
        {
            errors.Add(name, "threw an exception.", e);
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    /// <summary>Records that a scrape no longer waits for the code.</summary>
    public void GiveUp() => errors.Add(
        name,
        FormattableString.Invariant($"did not end within {ScrapeCallbacks.Patience.TotalSeconds} s. ")
        + "Scrapes leave it out until it ends. Read a value that is at hand, and hand slow work to a timer.");
}
