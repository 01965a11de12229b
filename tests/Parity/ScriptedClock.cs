namespace Instrumentator.Parity;

/// <summary>A clock that returns to each request the times of its own script. It finds the request by the execution
/// context.</summary>
internal sealed class ScriptedClock : TimeProvider
{
    private readonly AsyncLocal<RequestClock?> _request = new();

    // A request may have its own frequency: see Ticks.
    public override long TimestampFrequency => _request.Value?.Ticks.Frequency ?? base.TimestampFrequency;

    /// <summary>Makes this clock return the times of a request, in the caller and in everything that it
    /// calls.</summary>
    public void Enter(RequestClock request) => _request.Value = request;

    public override long GetTimestamp() => _request.Value?.Read() ?? base.GetTimestamp();
}

/// <summary>The times of one request. The result of a reading depends on its time: the first one, one while the
/// response
/// starts, or a later one.</summary>
internal sealed class RequestClock(Ticks ticks)
{
    private bool _wasRead;

    public Ticks Ticks => ticks;

    /// <summary>Gets or sets whether the response is being started now.</summary>
    public bool IsStartingResponse { get; set; }

    public long Read()
    {
        if (_wasRead)
            return IsStartingResponse ? ticks.ResponseStarted : ticks.Ended;
        _wasRead = true;
        return ticks.Started;
    }
}
