namespace Instrumentator.Testing;

/// <summary>A metric family of a scrape, with its samples as written. Immutable, compared by value.</summary>
/// <param name="Name">The name on the <c># HELP</c> and <c># TYPE</c> lines. The name of a counter ends in
/// <c>_total</c> in Prometheus text format, and never in OpenMetrics. Without such lines, the name of the
/// samples.</param>
/// <param name="Type">The type as written: <c>counter</c>, <c>gauge</c>, <c>histogram</c>, <c>summary</c>; in
/// OpenMetrics also <c>gaugehistogram</c>, <c>info</c>, <c>stateset</c>. A family without a type is <c>untyped</c>, in
/// OpenMetrics <c>unknown</c>.</param>
/// <param name="Help">A description of what is measured; null without a <c># HELP</c> line.</param>
/// <param name="Unit">The unit; null without a <c># UNIT</c> line, which only OpenMetrics has.</param>
/// <param name="Samples">The samples, in the order of the text; may be empty.</param>
public sealed record ParsedFamily(string Name, string Type, string? Help, string? Unit, ValueList<ParsedSample> Samples)
{
    /// <summary>Whether a <c># TYPE</c> line gives the type.</summary>
    public bool IsTyped { get; init; }

    /// <summary>The name in Prometheus text format, where a counter has the name of its samples.</summary>
    internal string PrometheusName =>
        Type == "counter"
            && !Name.EndsWith("_total", StringComparison.Ordinal)
            && Samples.All(sample => sample.Name != Name)
            ? Name + "_total"
            : Name;
}
