namespace Instrumentator;

/// <summary>The series in which built-in metrics record requests with the same labels: looked up once, then found with
/// the labels.</summary>
/// <remarks>Grouped by measured value, so recording is a few plain loops.</remarks>
internal sealed class RequestSeries
{
    private readonly (SeriesMetric Metric, Cell Cell)[] _all;
    private readonly Counter[] _requests;
    private readonly Summary[] _requestSizes;
    private readonly Summary[] _responseSizes;
    private readonly Summary[] _combinedSizes;
    private readonly Histogram[] _durations;
    private readonly Histogram[] _durationsToFirstByte;

    public RequestSeries((SeriesMetric Metric, Cell Cell)[] series)
    {
        _all = series;
        _requests = CellsOf<Counter>(Measured.One);
        _requestSizes = CellsOf<Summary>(Measured.RequestBytes);
        _responseSizes = CellsOf<Summary>(Measured.ResponseBytes);
        _combinedSizes = CellsOf<Summary>(Measured.CombinedBytes);
        _durations = CellsOf<Histogram>(Measured.Seconds);
        _durationsToFirstByte = CellsOf<Histogram>(Measured.SecondsToFirstByte);
    }

    /// <summary>Records a request.</summary>
    public void Record(in Info info)
    {
        Record(info.Duration, info.RequestSize, info.ResponseSize);
        foreach (var cell in _durationsToFirstByte)
            cell.Observe(info.DurationWithoutStreaming);
        if (info.Exemplars is { } exemplars)
            KeepExemplars(info, exemplars);
    }

    /// <summary>Records the values that built-in metrics measure, except the time to the first byte.</summary>
    /// <param name="seconds">The duration.</param>
    /// <param name="requestSize">The size of the request body, in bytes.</param>
    /// <param name="responseSize">The size of the response body, in bytes.</param>
    public void Record(double seconds, long requestSize, long responseSize)
    {
        foreach (var cell in _requests)
            cell.Increment();
        foreach (var cell in _requestSizes)
            cell.Observe(requestSize);
        foreach (var cell in _responseSizes)
            cell.Observe(responseSize);
        foreach (var cell in _combinedSizes)
            cell.Observe(Info.Combine(requestSize, responseSize));
        foreach (var cell in _durations)
            cell.Observe(seconds);
    }

    private TCell[] CellsOf<TCell>(Measured what)
        where TCell : Cell => [.. _all.Where(one => one.Metric.What == what).Select(one => (TCell)one.Cell)];

    // Allocates only when an exemplar is due.
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
