namespace Instrumentator.Benchmarks;

/// <summary>The five default metrics of one series each, in cells that all threads share and have found already.</summary>
internal sealed class SharedCells
{
    private readonly Counter _requests;
    private readonly Summary _requestSizes;
    private readonly Summary _responseSizes;
    private readonly Histogram _highResolution;
    private readonly Histogram _lowResolution;

    public SharedCells()
    {
        // Not kept: only its cells are part of a request.
        var registry = new Registry();
        _requests = registry.Counter("requests_total", "Requests.");
        _requestSizes = registry.Summary("request_bytes", "Sizes of requests.");
        _responseSizes = registry.Summary("response_bytes", "Sizes of responses.");
        _highResolution = registry.Histogram("highr_seconds", "Durations.", Buckets.HighResolution);
        _lowResolution = registry.Histogram("seconds", "Durations.", Buckets.LowResolution);
    }

    public void Record(int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            _requests.Increment();
            _requestSizes.Observe(321L);
            _responseSizes.Observe(4321L);
            _highResolution.Observe(0.001);
            _lowResolution.Observe(0.001);
        }
    }
}
