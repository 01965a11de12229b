namespace Instrumentator;

/// <summary>What is to be seen of a request beyond its start and its end. Structs, so that nothing to see costs nothing.</summary>
internal interface IWatch
{
    /// <summary>When the response began; null when it did not, or when nobody reads that.</summary>
    long? ResponseStarted { get; }

    /// <summary>The request is done.</summary>
    void Stop();
}

/// <summary>Nothing.</summary>
internal readonly struct NoWatch : IWatch
{
    public long? ResponseStarted => null;

    public void Stop() { }
}

/// <summary>That it is in progress, and when its response begins; either may be left out.</summary>
internal readonly struct Watch : IWatch
{
    private readonly Gauge? _inProgress;
    private readonly ResponseStart? _response;

    public Watch(Gauge? inProgress, ResponseStart? response)
    {
        (_inProgress, _response) = (inProgress, response);
        _inProgress?.Increment();
    }

    public long? ResponseStarted => _response?.Moment;

    public void Stop() => _inProgress?.Decrement();
}
