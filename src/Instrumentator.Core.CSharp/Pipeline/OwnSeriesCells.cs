namespace Instrumentator;

/// <summary>The same as <see cref="SeriesCells"/> where one thread alone writes to all of them: bare words, so that there is no reference to follow to each.</summary>
internal sealed class OwnSeriesCells : FoundCells
{
    private readonly OwnCounter[] _requests;
    private readonly Sizes[] _sizes;
    private readonly Durations[] _durations;

    public OwnSeriesCells(FoundCell[] found) : base(found)
    {
        _requests = FoundCell.Each(found, MetricKind.Counter, one => ((CounterStripe)one.Cell).Own);
        _sizes = FoundCell.Each(found, MetricKind.Summary, one => new Sizes(((SummaryStripe)one.Cell).Own, one.Metric.What));
        _durations = FoundCell.Each(found, MetricKind.Histogram, one => new Durations(((HistogramStripe)one.Cell).Own, one.Metric.What, one.Metric.OnlySuccess));
    }

    public void Record(in Info info)
    {
        foreach (ref readonly var own in _requests.AsSpan())
            own.Increment();
        foreach (ref readonly var sizes in _sizes.AsSpan())
            sizes.Own.Observe(SeriesMetric.BytesOf(info, sizes.What));
        foreach (ref readonly var durations in _durations.AsSpan())
        {
            if (SeriesMetric.Counts(info, durations.OnlySuccess))
                durations.Own.Observe(SeriesMetric.SecondsOf(info, durations.What));
        }
    }

    private readonly record struct Sizes(OwnSummary Own, Measured What);

    private readonly record struct Durations(OwnHistogram Own, Measured What, bool OnlySuccess);
}
