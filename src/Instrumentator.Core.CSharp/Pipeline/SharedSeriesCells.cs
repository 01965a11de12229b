namespace Instrumentator;

/// <summary>The same as <see cref="SeriesCells"/> where requests do not come often: cells that all threads write to.</summary>
/// <remarks>
/// What nearly every instrumentation measures has fields of its own. What is not used often is seldom near the processor, and an atomic addition waits for the one before it: so all
/// cells are to be brought at once, before the first of them is written.
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

    // Those of the labels have a count of their own: it is elsewhere in memory, and would have to be waited for.
    private Uses _uses;

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

    /// <summary>Whether each thread has cells of its own meanwhile.</summary>
    public bool AreOutgrown { get; private set; }

    /// <summary>Notes a request that was found by these cells; true where they came often by now.</summary>
    /// <inheritdoc cref="Uses.AreOften"/>
    public bool AreOften(long now, long ticksPerSecond) => _uses.AreOften(now, ticksPerSecond);

    /// <summary>Notes that each thread has cells of its own.</summary>
    public void Outgrow() => AreOutgrown = true;

    public override void Record(in Info info)
    {
        Bring();
        Record(info.Duration, info.RequestSize, info.ResponseSize);
        _others?.Record(info);
    }

    /// <summary>Records a request of which nothing else <see cref="FoundCells.IsUsual">is measured</see>. <see cref="Bring"/> comes first.</summary>
    public void Record(double seconds, long requestSize, long responseSize)
    {
        _requests?.Increment();
        _requestSizes?.Observe(requestSize);
        _responseSizes?.Observe(responseSize);
        _combinedSizes?.Observe(Info.Combine(requestSize, responseSize));
        _durations?.Observe(seconds);
        _sameDurations?.Observe(seconds);
    }

    /// <summary>Asks for what a request writes to. It takes its time to come: so as soon as it is known.</summary>
    public void Bring()
    {
        Prefetch.Object(ref _requests, CounterCell.Bytes);
        Prefetch.Object(ref _requestSizes, SummaryCell.Bytes);
        Prefetch.Object(ref _responseSizes, SummaryCell.Bytes);
        Prefetch.Object(ref _combinedSizes, SummaryCell.Bytes);
        Prefetch.Object(ref _durations, HistogramCell.FirstBytes);
        Prefetch.Object(ref _sameDurations, HistogramCell.FirstBytes);
    }
}
