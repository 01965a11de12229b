namespace Instrumentator.Testing;

/// <summary>A line of a scrape that holds a number. Immutable, compared by value.</summary>
/// <param name="Name">The name on the line: that of its family, or with a suffix such as <c>_bucket</c>.</param>
/// <param name="Labels">Its labels, unescaped, in the order in which they stand there; <c>le</c> and <c>quantile</c> are among them.</param>
/// <param name="Value">The number, in the family's unit.</param>
/// <param name="Exemplar">An observation that stands for others; null without one. Only OpenMetrics has any.</param>
/// <param name="Timestamp">When it was so, in seconds since 1970 (UTC); null without one. Prometheus's format writes milliseconds.</param>
public sealed record ParsedSample(string Name, ValueList<Label> Labels, double Value, Exemplar? Exemplar = null, double? Timestamp = null)
{
    /// <summary>The value of a label; null where there is no such label.</summary>
    /// <param name="label">The label's name.</param>
    public string? ValueOf(string label)
    {
        foreach (var one in Labels)
        {
            if (one.Name == label)
                return one.Value;
        }
        return null;
    }

    /// <summary>The sample as it stands in a scrape: name, labels and value.</summary>
    public override string ToString() => $"{SampleText.Series(Name, Labels)} {SampleText.Number(Value)}";
}
