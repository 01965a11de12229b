namespace Instrumentator;

/// <summary>Counts the failures of one metric function, and reports at most one a minute for the log.</summary>
/// <remarks>Safe for use by many threads. Uses constant memory, and never throws.</remarks>
/// <param name="counter">Counts failures.</param>
/// <param name="report">Receives the function's name and the failure to log. Its exceptions are ignored.</param>
/// <param name="clock">Measures the minute.</param>
/// <param name="name">Returns the function's name. Called on the first failure.</param>
internal sealed class FunctionErrors(
    LazyCounter counter, Action<string, FunctionFailure> report, TimeProvider clock, Func<string> name)
{
    private readonly Lazy<string> _name = new(name);
    private readonly LogThrottle _throttle = new();
    private Counter? _counter;

    /// <summary>Records an exception of the function or its task.</summary>
    public void Threw(Exception exception) => Add(static () => "threw.", exception);

    /// <summary>Records a skipped run: an earlier run hangs, or too many have not ended.</summary>
    public void Skipped() => Add(static () =>
        "was skipped for a request because a run of it, or of its condition, has not ended after 250 ms, or too many "
        + "have not ended: it hangs or is too slow. "
        + FormattableString.Invariant(
            $"Functions that hang hold {HangingFunctions.OfProcess.Threads} threads of this process. ")
        + "A function runs on the request's own thread, so it must not block. Hand slow work to a queue.");

    /// <summary>Records an asynchronous run that was skipped, or is no longer awaited: too many runs have not
    /// ended.</summary>
    public void Unfinished() => Add(static () =>
        FormattableString.Invariant(
            $"was skipped for a request, or is no longer awaited, because {UnfinishedRuns.MaxLate} runs of it have ")
        + FormattableString.Invariant(
            $"not ended after {UnfinishedRuns.Late.TotalSeconds} s, or {UnfinishedRuns.Max} have not ended: ")
        + "it hangs or is too slow. Use a timeout, or hand slow work to a queue.");

    /// <summary>Records that an asynchronous run timed out.</summary>
    public void TookLongerThan(TimeSpan limit) => Add(() =>
        FormattableString.Invariant(
            $"did not end within Config.AsyncTimeout, {limit.TotalSeconds} s, and is no longer awaited. ")
        + "Use a shorter timeout, hand slow work to a queue, or raise the limit.");

    /// <summary>Records that a pattern of a rule took too long.</summary>
    public void PatternTimedOut(string pattern) => Add(() =>
        $"holds the pattern \"{pattern}\", which took too long. It matches nothing for a minute. "
        + "Use * or + instead of counts, or several patterns.");

    private void Add(Func<string> what, Exception? exception = null)
    {
        Try(() => (_counter ??= counter.Of(_name.Value)).Increment());
        if (_throttle.TryPass(clock, out var notLogged))
            Try(() => report(_name.Value, new FunctionFailure(what(), exception, notLogged)));
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
#pragma warning disable CA1031, RCS1075 // A failed report has nowhere to be reported.
        catch (Exception)
#pragma warning restore CA1031, RCS1075
        {
        }
    }
}

/// <summary>A failure of a metric function, for the log.</summary>
/// <param name="What">What the function did, and how to fix it.</param>
/// <param name="Exception">The exception; null when there was none.</param>
/// <param name="NotLogged">The number of failures since the last logged one.</param>
internal sealed record FunctionFailure(string What, Exception? Exception, long NotLogged);
