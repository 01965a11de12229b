namespace Instrumentator.Testing;

/// <summary>A metric of a scrape, with its samples as they stand there. Immutable, compared by value.</summary>
/// <param name="Name">The name on its <c># HELP</c> and <c># TYPE</c> lines: that of a counter ends in <c>_total</c> in Prometheus's format, and never in OpenMetrics. Without such lines, the name of its samples.</param>
/// <param name="Type">The type, as in the text: <c>counter</c>, <c>gauge</c>, <c>histogram</c>, <c>summary</c>; in OpenMetrics also <c>gaugehistogram</c>, <c>info</c>, <c>stateset</c>.
/// One that has none is <c>untyped</c>, in OpenMetrics <c>unknown</c>.</param>
/// <param name="Help">What is measured; null without a <c># HELP</c> line.</param>
/// <param name="Unit">The unit; null without a <c># UNIT</c> line, which only OpenMetrics has.</param>
/// <param name="Samples">Its samples, in the order in which they stand there; may be empty.</param>
public sealed record ParsedFamily(string Name, string Type, string? Help, string? Unit, ValueList<ParsedSample> Samples)
{
    /// <summary>Whether a <c># TYPE</c> line says the type.</summary>
    public bool IsTyped { get; init; }

    /// <summary>Its name in Prometheus's format, in which a counter has the name of its samples.</summary>
    internal string PrometheusName => Type == "counter" && !Name.EndsWith("_total", StringComparison.Ordinal) && Samples.All(sample => sample.Name != Name) ? Name + "_total" : Name;
}
