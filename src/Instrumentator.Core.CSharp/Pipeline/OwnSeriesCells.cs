using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>The same as <see cref="SeriesCells"/> where one thread alone writes to all of them: bare words, so that there is no reference to follow to each.</summary>
/// <remarks>What nearly every instrumentation measures, whole or in part, has fields of its own, and so there is no loop either.</remarks>
internal sealed class OwnSeriesCells : FoundCells
{
    // Where their words are; 0 where nothing is measured of the kind.
    private readonly nint _requests;
    private readonly nint _requestSizes;
    private readonly nint _responseSizes;
    private readonly nint _combinedSizes;
    private readonly nint _durations;
    private readonly nint _sameDurations;
    private readonly double[] _bounds;
    private readonly double[] _sameBounds;
    private readonly SeriesCells? _others;

    public OwnSeriesCells(FoundCell[] found, RequestLabels? labels) : base(found, labels)
    {
        List<FoundCell> others = [.. found];
        _requests = Take<CounterStripe>(Measured.One, others)?.Address ?? 0;
        _requestSizes = Take<SummaryStripe>(Measured.RequestBytes, others)?.Address ?? 0;
        _responseSizes = Take<SummaryStripe>(Measured.ResponseBytes, others)?.Address ?? 0;
        _combinedSizes = Take<SummaryStripe>(Measured.CombinedBytes, others)?.Address ?? 0;
        (_durations, _bounds) = DurationsOf(Take<HistogramStripe>(Measured.Seconds, others));
        (_sameDurations, _sameBounds) = DurationsOf(Take<HistogramStripe>(Measured.Seconds, others));
        _others = others.Count > 0 ? new SeriesCells([.. others]) : null;
        IsUsual = _others is null;
    }

    /// <summary>How much memory this takes.</summary>
    public const int Bytes = 120;

    /// <summary>How much those of its words take that most requests write to, where all of them are used.</summary>
    public const int WordBytes = 104;

    /// <summary>Where the words of a route begin: they are born together, so they lie one behind the other.</summary>
    public nint Address => _requests != 0 ? _requests
        : _requestSizes != 0 ? _requestSizes
        : _responseSizes != 0 ? _responseSizes
        : _combinedSizes != 0 ? _combinedSizes
        : _durations;

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
        if (_requests != 0)
            new OwnCounter(Words.At(_requests, OwnCounter.Length)).Increment();
        if (_requestSizes != 0)
            SizesAt(_requestSizes).Observe(requestSize);
        if (_responseSizes != 0)
            SizesAt(_responseSizes).Observe(responseSize);
        if (_combinedSizes != 0)
            SizesAt(_combinedSizes).Observe(Info.Combine(requestSize, responseSize));
        if (_durations != 0)
            DurationsAt(_durations, _bounds).Observe(seconds);
        if (_sameDurations != 0)
            DurationsAt(_sameDurations, _sameBounds).Observe(seconds);

        // It has the cells, and they have the pages: so they stay as long as there is something to write to.
        GC.KeepAlive(this);
    }

    private static OwnSummary SizesAt(nint address) => new(Words.At(address, OwnSummary.Length));

    private static OwnHistogram DurationsAt(nint address, double[] bounds) => new(Words.At(address, OwnHistogram.LengthOf(bounds)), bounds);

    private static (nint Address, double[] Bounds) DurationsOf(HistogramStripe? stripe) => (stripe?.Address ?? 0, stripe?.Bounds ?? []);
}
