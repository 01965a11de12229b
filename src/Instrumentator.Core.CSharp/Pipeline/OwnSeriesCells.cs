using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>The same as <see cref="SeriesCells"/> where one thread alone writes to all of them: bare words, so that there is no reference to follow to each.</summary>
/// <remarks>What nearly every instrumentation measures, whole or in part, has fields of its own, and so there is no loop either.</remarks>
internal sealed class OwnSeriesCells : FoundCells
{
    private readonly OwnCounter _requests;
    private readonly OwnSummary _requestSizes;
    private readonly OwnSummary _responseSizes;
    private readonly OwnSummary _combinedSizes;
    private readonly OwnHistogram _durations;
    private readonly OwnHistogram _sameDurations;
    private readonly SeriesCells? _others;

    public OwnSeriesCells(FoundCell[] found, RequestLabels? labels) : base(found, labels)
    {
        List<FoundCell> others = [.. found];
        _requests = Take<CounterStripe>(Measured.One, others)?.Own ?? default;
        _requestSizes = Take<SummaryStripe>(Measured.RequestBytes, others)?.Own ?? default;
        _responseSizes = Take<SummaryStripe>(Measured.ResponseBytes, others)?.Own ?? default;
        _combinedSizes = Take<SummaryStripe>(Measured.CombinedBytes, others)?.Own ?? default;
        _durations = Take<HistogramStripe>(Measured.Seconds, others)?.Own ?? default;
        _sameDurations = Take<HistogramStripe>(Measured.Seconds, others)?.Own ?? default;
        _others = others.Count > 0 ? new SeriesCells([.. others]) : null;
        IsUsual = _others is null;
    }

    /// <summary>How much memory this takes.</summary>
    public const int Bytes = 168;

    /// <summary>How much those of its words take that most requests write to, where all of them are used.</summary>
    public const int WordBytes = 104;

    /// <summary>Where the words of a route begin: they are born together, so they lie one behind the other.</summary>
    public nint Address => !_requests.IsNone ? _requests.Address
        : !_requestSizes.IsNone ? _requestSizes.Address
        : !_responseSizes.IsNone ? _responseSizes.Address
        : !_combinedSizes.IsNone ? _combinedSizes.Address
        : _durations.Address;

    public override void Record(in Info info)
    {
        Record(info.Duration, info.RequestSize, info.ResponseSize);
        _others?.Record(info);
    }

    /// <summary>Records a request of which nothing else <see cref="FoundCells.IsUsual">is measured</see>.</summary>
    // Not inlined: so all registers are its own.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Record(double seconds, long requestSize, long responseSize)
    {
        if (!_requests.IsNone)
            _requests.Increment();
        if (!_requestSizes.IsNone)
            _requestSizes.Observe(requestSize);
        if (!_responseSizes.IsNone)
            _responseSizes.Observe(responseSize);
        if (!_combinedSizes.IsNone)
            _combinedSizes.Observe(Info.Combine(requestSize, responseSize));
        if (!_durations.IsNone)
            _durations.Observe(seconds);
        if (!_sameDurations.IsNone)
            _sameDurations.Observe(seconds);
    }
}
