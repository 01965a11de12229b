namespace Instrumentator;

/// <summary>Built-in metrics, one or several that stand together: one look-up finds the cells of all of them.</summary>
internal sealed class SeriesStep(ValueList<SeriesMetric> metrics) : Step, IEquatable<SeriesStep>
{
    public override string Name => string.Join(", ", metrics.Select(metric => metric.Family.Definition.Name));

    // The same measure of the same family: counting it twice for one request is never meant.
    public override bool CountsOnce => true;

    public override bool ReadsResponseStart => metrics.Any(metric => metric.What == Measured.SecondsToFirstByte);

    public override IEnumerable<RequestLabel> Labels => metrics.SelectMany(metric => metric.Labels.Request);

    /// <summary>Steps where those that stand together, and cannot fail, are one.</summary>
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
        if (slot.Value is OwnSeriesCells own)
            own.Record(info);
        else if (slot.Value is SharedSeriesCells shared)
            shared.Record(info);
        else
            FindSlow(info, ref slot).Record(info);
        if (info.Exemplars is { } exemplars)
            (slot.Value as FoundCells)?.KeepExemplars(info, exemplars);
        return true;
    }

    public bool Equals(SeriesStep? other) => other is not null && Metrics.Equals(other.Metrics);

    public override bool Equals(object? obj) => Equals(obj as SeriesStep);

    public override int GetHashCode() => Metrics.GetHashCode();

    private ValueList<SeriesMetric> Metrics => metrics;

    /// <summary>Whether memory of our own is all that is written to. What another library throws must not keep other metrics from being recorded.</summary>
    public bool CannotFail => metrics.All(metric => metric.Family.IsOwn);

    private FoundCells FindSlow(in Info info, ref Slot slot)
    {
        // First of all, so that what is found for a thread lies behind it.
        var series = info.LabelsOrNone.Thread == 0 ? default : Page.Take(OwnSeries.Length);
        var found = new List<FoundCell>(metrics.Count);
        foreach (var metric in metrics)
        {
            // The series of a request that does not count is there all the same.
            if (metric.HasSeriesOf(info) && metric.FindSlow(info) is var cell && metric.Counts(info))
                found.Add(new FoundCell(metric, cell));
        }
        FoundCells cells = !series.IsNone && found.TrueForAll(one => one.IsOwn) ? new OwnSeriesCells([.. found], info.Labels, series) : new SharedSeriesCells([.. found], info.Labels);
        slot.Value = cells;
        return cells;
    }
}
