using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>What is to be seen of a request beyond its start and its end. Structs, so that nothing to see costs nothing.</summary>
internal interface IWatch
{
    /// <summary>When the response began; null when it did not, or when nobody reads that.</summary>
    long? ResponseStarted { get; }

    /// <summary>Whether it is long-lived, since its endpoint says so.</summary>
    bool IsLongLived { get; }

    /// <summary>The request is done.</summary>
    void Stop();
}

/// <summary>Nothing.</summary>
internal readonly struct NoWatch : IWatch
{
    public long? ResponseStarted => null;

    public bool IsLongLived => false;

    public void Stop() { }
}

/// <summary>That it is in progress, that it is long-lived, and when its response begins; each may be left out.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct Watch : IWatch
{
    private readonly Gauge? _inProgress;
    private readonly Gauge? _longLived;
    private readonly ResponseStart? _response;

    public Watch(Gauge? inProgress, Gauge? longLived, ResponseStart? response)
    {
        (_inProgress, _longLived, _response) = (inProgress, longLived, response);
        _inProgress?.Increment();
        _longLived?.Increment();
    }

    public long? ResponseStarted => _response?.Moment;

    public bool IsLongLived => _longLived is not null;

    public void Stop()
    {
        _inProgress?.Decrement();
        _longLived?.Decrement();
        _response?.Stop();
    }
}
