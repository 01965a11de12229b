namespace Instrumentator;

/// <summary>The cells that built-in metrics write a request with certain labels to. Sorted by kind: so a request is a few plain loops, and no step is called for each metric.</summary>
internal sealed class SeriesCells : FoundCells
{
    private readonly Counter[] _requests;
    private readonly (Summary Cell, SeriesMetric Metric)[] _sizes;
    private readonly (Histogram Cell, SeriesMetric Metric)[] _durations;

    public SeriesCells(FoundCell[] found) : base(found)
    {
        _requests = FoundCell.Each(found, MetricKind.Counter, one => (Counter)one.Cell);
        _sizes = FoundCell.Each(found, MetricKind.Summary, one => ((Summary)one.Cell, one.Metric));
        _durations = FoundCell.Each(found, MetricKind.Histogram, one => ((Histogram)one.Cell, one.Metric));
    }

    public override void Record(in Info info)
    {
        foreach (var cell in _requests)
            cell.Increment();
        foreach (var (cell, metric) in _sizes)
            cell.Observe(SeriesMetric.BytesOf(info, metric.What));
        foreach (var (cell, metric) in _durations)
            cell.Observe(SeriesMetric.SecondsOf(info, metric.What));
    }
}
