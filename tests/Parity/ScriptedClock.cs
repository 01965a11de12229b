namespace Instrumentator.Parity;

/// <summary>A clock that tells each request the times of its own script. It knows the request by the flow of execution.</summary>
internal sealed class ScriptedClock : TimeProvider
{
    private readonly AsyncLocal<RequestClock?> _request = new();

    // A request may have its own: see Ticks.
    public override long TimestampFrequency => _request.Value?.Ticks.Frequency ?? base.TimestampFrequency;

    /// <summary>From here on, and in all that is called from here, the times are those of this request.</summary>
    public void Enter(RequestClock request) => _request.Value = request;

    public override long GetTimestamp() => _request.Value?.Read() ?? base.GetTimestamp();
}

/// <summary>The times of one request. Which one is told depends on who asks: first, while the response starts, or later.</summary>
internal sealed class RequestClock(Ticks ticks)
{
    private bool _wasRead;

    public Ticks Ticks => ticks;

    /// <summary>Whether the response is being started now.</summary>
    public bool IsStartingResponse { get; set; }

    public long Read()
    {
        if (_wasRead)
            return IsStartingResponse ? ticks.ResponseStarted : ticks.Ended;
        _wasRead = true;
        return ticks.Started;
    }
}
