namespace Instrumentator;

/// <summary>The same as <see cref="SeriesCells"/> where requests do not come often: cells that all threads write to.</summary>
/// <remarks>
/// What nearly every instrumentation measures has fields of its own. What is not used often is seldom near the processor, and an atomic addition waits for the one before it: so all
/// cells are brought at once, before the first of them is written.
/// </remarks>
internal sealed class SharedSeriesCells : FoundCells
{
    private CounterCell? _requests;
    private SummaryCell? _requestSizes;
    private SummaryCell? _responseSizes;
    private SummaryCell? _combinedSizes;
    private HistogramCell? _durations;
    private HistogramCell? _sameDurations;
    private readonly SeriesCells? _others;

    public SharedSeriesCells(FoundCell[] found, RequestLabels? labels) : base(found, labels)
    {
        List<FoundCell> others = [.. found];
        _requests = Take<CounterCell>(Measured.One, others);
        _requestSizes = Take<SummaryCell>(Measured.RequestBytes, others);
        _responseSizes = Take<SummaryCell>(Measured.ResponseBytes, others);
        _combinedSizes = Take<SummaryCell>(Measured.CombinedBytes, others);
        _durations = Take<HistogramCell>(Measured.Seconds, others);
        _sameDurations = Take<HistogramCell>(Measured.Seconds, others);
        _others = others.Count > 0 ? new SeriesCells([.. others]) : null;
        IsUsual = _others is null;
    }

    public override void Record(in Info info)
    {
        Record(info.Duration, info.RequestSize, info.ResponseSize);
        _others?.Record(info);
    }

    /// <summary>Records a request of which nothing else <see cref="FoundCells.IsUsual">is measured</see>.</summary>
    public void Record(double seconds, long requestSize, long responseSize)
    {
        Bring();
        _requests?.Increment();
        _requestSizes?.Observe(requestSize);
        _responseSizes?.Observe(responseSize);
        _combinedSizes?.Observe(Info.Combine(requestSize, responseSize));
        _durations?.Observe(seconds);
        _sameDurations?.Observe(seconds);
    }

    private void Bring()
    {
        Prefetch.Object(ref _requests);
        Prefetch.Object(ref _requestSizes);
        Prefetch.Object(ref _responseSizes);
        Prefetch.Object(ref _combinedSizes);
        Prefetch.Object(ref _durations, HistogramCell.FirstBytes);
        Prefetch.Object(ref _sameDurations, HistogramCell.FirstBytes);
    }
}
