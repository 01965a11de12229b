namespace Instrumentator;

/// <summary>The cell that a built-in metric writes requests with certain labels to.</summary>
internal sealed record FoundCell(SeriesMetric Metric, Cell Cell)
{
    /// <summary>Whether one thread alone writes to it.</summary>
    public bool IsOwn => Cell is CounterStripe or SummaryStripe or HistogramStripe;

    /// <summary>Makes something of each one of a kind.</summary>
    public static T[] Each<T>(FoundCell[] found, MetricKind kind, Converter<FoundCell, T> make) =>
        Array.ConvertAll(Array.FindAll(found, one => one.Metric.Family.Definition.Kind == kind), make);
}
