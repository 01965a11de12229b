namespace Instrumentator.Testing;

/// <summary>A sample: a line of a scrape with a value. Immutable, compared by value.</summary>
/// <param name="Name">The name on the line: that of the family, or with a suffix such as <c>_bucket</c>.</param>
/// <param name="Labels">The labels, unescaped, in the order of the text, including <c>le</c> and
/// <c>quantile</c>.</param>
/// <param name="Value">The value, in the family's unit.</param>
/// <param name="Exemplar">An observation that represents others; null if there is none. Only OpenMetrics has
/// exemplars.</param>
/// <param name="Timestamp">The time of the value, in seconds since 1970 (UTC); null if there is none. Prometheus text
/// format writes milliseconds.</param>
public sealed record ParsedSample(
    string Name,
    ValueList<Label> Labels,
    double Value,
    Exemplar? Exemplar = null,
    double? Timestamp = null)
{
    /// <summary>Returns the value of a label, or null if there is no such label.</summary>
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

    /// <summary>Returns the sample as in a scrape: name, labels and value.</summary>
    public override string ToString() => $"{SampleText.Series(Name, Labels)} {SampleText.Number(Value)}";
}
