namespace Instrumentator;

/// <summary>What goes wrong with one metric function: counted, and handed on to be logged once a minute at the most.</summary>
/// <remarks>Safe for use by many threads. Takes the same memory whatever comes, and never throws.</remarks>
/// <param name="counter">Counts it.</param>
/// <param name="report">Gets the function's name, and what is to be logged. What it throws is ignored.</param>
/// <param name="clock">Tells when a minute is over.</param>
/// <param name="name">What the function is called. Asked with its first failure.</param>
internal sealed class FunctionErrors(LazyCounter counter, Action<string, FunctionFailure> report, TimeProvider clock, Func<string> name)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Lazy<string> _name = new(name);
    private Counter? _counter;
    private long? _logged;
    private long _notLogged;

    /// <summary>It threw, or its task ended so.</summary>
    public void Threw(Exception exception) => Add("threw.", exception);

    /// <summary>It was left out of a request, as too many runs of it have not ended.</summary>
    public void Skipped() => Add(
        "was left out of a request: too many runs of it, or of its condition, have not ended, so it hangs or is too slow. It runs on the request's own thread: let it wait for nothing, and hand what takes time to a queue.");

    /// <summary>It is asynchronous, and too many runs of it have not ended.</summary>
    public void Unfinished() => Add(
        "was left out of a request: too many runs of it have not ended, so what it waits for hangs or is too slow. Give up what takes too long, or hand it to a queue.");

    /// <summary>It is asynchronous, and did not end in time.</summary>
    public void TookLongerThan(TimeSpan limit) => Add(FormattableString.Invariant(
        $"did not end within Config.AsyncTimeout, {limit.TotalSeconds} s, and was left to itself. Give up what takes too long, hand it to a queue, or raise the limit."));

    private void Add(string what, Exception? exception = null)
    {
        Try(() => (_counter ??= counter.Of(_name.Value)).Increment());
        if (TryPass(out var notLogged))
            Try(() => report(_name.Value, new FunctionFailure(what, exception, notLogged)));
    }

    private bool TryPass(out long notLogged)
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            if (_logged is { } last && clock.GetElapsedTime(last, now) < _pause)
            {
                (notLogged, _notLogged) = (0, _notLogged + 1);
                return false;
            }
            (_logged, notLogged, _notLogged) = (now, _notLogged, 0);
            return true;
        }
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
#pragma warning disable CA1031, RCS1075 // Nothing is left to tell that telling failed.
        catch (Exception)
#pragma warning restore CA1031, RCS1075
        {
        }
    }
}

/// <summary>What is to be logged of a metric function.</summary>
/// <param name="What">What it did, and what to do about it.</param>
/// <param name="Exception">What it threw; null where it threw nothing.</param>
/// <param name="NotLogged">How many failures of it there were since the last one that was logged.</param>
internal sealed record FunctionFailure(string What, Exception? Exception, long NotLogged);
