namespace Instrumentator;

/// <summary>The series of built-in metrics that requests with the same labels are recorded in: looked up once, then found by their labels.</summary>
/// <remarks>Grouped by kind, so that recording is three plain loops.</remarks>
internal sealed class RequestSeries
{
    private readonly (SeriesMetric Metric, Cell Cell)[] _all;
    private readonly Counter[] _counters;
    private readonly (Summary Cell, Measured What)[] _sizes;
    private readonly (Histogram Cell, Measured What)[] _durations;

    public RequestSeries((SeriesMetric Metric, Cell Cell)[] series)
    {
        _all = series;
        _counters = [.. series.Select(one => one.Cell).OfType<Counter>()];
        _sizes = [.. from one in series where one.Cell is Summary select ((Summary)one.Cell, one.Metric.What)];
        _durations = [.. from one in series where one.Cell is Histogram select ((Histogram)one.Cell, one.Metric.What)];
    }

    /// <summary>Records a request.</summary>
    public void Record(in Info info)
    {
        foreach (var counter in _counters)
            counter.Increment();
        foreach (var (size, what) in _sizes)
            size.Observe(SeriesMetric.BytesOf(info, what));
        foreach (var (duration, what) in _durations)
            duration.Observe(SeriesMetric.SecondsOf(info, what));
        if (info.Exemplars is { } exemplars)
            KeepExemplars(info, exemplars);
    }

    // Allocates only where an exemplar is due.
    private void KeepExemplars(in Info info, RequestExemplars exemplars)
    {
        var now = exemplars.Now();
        ValueList<Label>? labels = null;
        foreach (var (metric, cell) in _all)
        {
            if (!cell.IsExemplarDue(metric.ValueOf(info), now - exemplars.Interval))
                continue;
            labels ??= exemplars.LabelsOf(info);
            if (labels.Count > 0)
                cell.KeepExemplar(new Exemplar(labels, metric.ValueOf(info), now));
        }
    }
}
