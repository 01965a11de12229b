namespace Instrumentator;

/// <summary>Admits one log line a minute, and counts the others, for problems that clients can cause at any
/// rate.</summary>
/// <remarks>Safe for use by many threads. Uses constant memory.</remarks>
internal sealed class LogThrottle
{
    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long? _logged;
    private long _notLogged;

    /// <summary>Returns whether the line may be logged.</summary>
    /// <param name="clock">Measures the minute; the same one in each call.</param>
    /// <param name="notLogged">The number of lines left out since the last logged one; 0 if this one is left out,
    /// too.</param>
    public bool TryPass(TimeProvider clock, out long notLogged)
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
}
