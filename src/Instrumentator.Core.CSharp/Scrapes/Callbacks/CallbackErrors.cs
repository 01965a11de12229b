namespace Instrumentator;

/// <summary>Counts the errors of callbacks, and reports at most one a minute for each of them.</summary>
/// <remarks>Safe for use by many threads. Never throws.</remarks>
/// <param name="counter">Counts errors by name.</param>
/// <param name="report">Receives the error to log. Must not throw.</param>
internal sealed class CallbackErrors(LazyCounter counter, Action<CallbackError> report)
{
    public const string CounterName = "instrumentator_callback_errors_total";

    private readonly Dictionary<string, LogThrottle> _throttles = new(StringComparer.Ordinal);

    /// <summary>Returns the counter, whose name no family can have from then on.</summary>
    public static LazyCounter Counter(Registry registry) => new(
        registry,
        CounterName,
        "Callbacks of metrics, instruments and hooks that failed or did not end in time, so scrapes went without them.",
        "callback");

    /// <summary>Adds an error, or several equal ones.</summary>
    /// <param name="callback">The name of the callback.</param>
    /// <param name="what">What it did, and how to fix it.</param>
    /// <param name="exception">Its exception; null if there was none.</param>
    /// <param name="times">The number of errors.</param>
    public void Add(string callback, string what, Exception? exception = null, long times = 1)
    {
        counter.Of(callback).Increment(times);
        if (ThrottleOf(callback).TryPass(TimeProvider.System, out var notLogged))
            report(new CallbackError(callback, what, exception, notLogged));
    }

    private LogThrottle ThrottleOf(string callback)
    {
        lock (_throttles)
        {
            return _throttles.TryGetValue(callback, out var throttle)
                ? throttle
                : _throttles[callback] = new LogThrottle();
        }
    }
}

/// <summary>An error of a callback, for the log.</summary>
/// <param name="Callback">The name of the callback: that of its metric or hook.</param>
/// <param name="What">What it did, and how to fix it.</param>
/// <param name="Exception">The exception; null when there was none.</param>
/// <param name="NotLogged">The number of errors since the last logged one.</param>
internal sealed record CallbackError(string Callback, string What, Exception? Exception, long NotLogged);
