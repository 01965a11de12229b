namespace Instrumentator;

/// <summary>One or more adjacent built-in metrics: one lookup finds the cells of all of them.</summary>
internal sealed class SeriesStep(ValueList<SeriesMetric> metrics) : Step, IEquatable<SeriesStep>
{
    public override string Name => string.Join(", ", metrics.Select(metric => metric.Family.Definition.Name));

    public override IEnumerable<object> Targets => metrics.Select(metric => metric.Family);

    public override IEnumerable<SeriesMetric> SeriesMetrics => metrics;

    // Recording the same measure of the same family twice for one request is never intended.
    public override bool CountsOnce => true;

    public override bool ReadsResponseStart => metrics.Any(metric => metric.What == Measured.SecondsToFirstByte);

    public override IEnumerable<RequestLabel> Labels => metrics.SelectMany(metric => metric.Labels.Request);

    /// <summary>Joins adjacent built-in metrics that cannot fail into one step.</summary>
    public static IEnumerable<Step> Join(IEnumerable<Step> steps)
    {
        ValueList<SeriesMetric> together = [];
        foreach (var step in steps)
        {
            if (step is SeriesStep { CannotFail: true } series)
            {
                together = [.. together, .. series.Metrics];
                continue;
            }
            if (together.Count > 0)
                yield return new SeriesStep(together);
            together = [];
            yield return step;
        }
        if (together.Count > 0)
            yield return new SeriesStep(together);
    }

    public override bool Record(in Info info, ref Slot slot)
    {
        var series = slot.Value as RequestSeries ?? FindSlow(info, ref slot);
        series.Record(info);
        return true;
    }

    public bool Equals(SeriesStep? other) => other is not null && Metrics.Equals(other.Metrics);

    public override bool Equals(object? obj) => Equals(obj as SeriesStep);

    public override int GetHashCode() => Metrics.GetHashCode();

    private ValueList<SeriesMetric> Metrics => metrics;

    /// <summary>Whether all metrics are in the built-in backend. An exception in another library must not keep other
    /// metrics from being recorded.</summary>
    public bool CannotFail => metrics.All(metric => metric.Family.IsOwn);

    private RequestSeries FindSlow(in Info info, ref Slot slot)
    {
        var found = new List<(SeriesMetric, Cell)>(metrics.Count);
        foreach (var metric in metrics)
        {
            // Requests that are not counted create the series all the same.
            if (metric.HasSeriesOf(info) && metric.FindSlow(info) is var cell && metric.Counts(info))
                found.Add((metric, cell));
        }
        var series = new RequestSeries([.. found]);
        slot.Value = series;
        return series;
    }
}
