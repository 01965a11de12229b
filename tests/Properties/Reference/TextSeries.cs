using System.Globalization;

namespace Instrumentator.Properties.Reference;

/// <summary>A series of a scrape: all the lines that one cell wrote. The bounds are those of a histogram.</summary>
internal sealed record ParsedSeries(IReadOnlyList<(string Name, string Value)> Labels, IReadOnlyList<double> Bounds, SampleValue Value);

/// <summary>Puts the samples of a family together to series, and checks what must hold among them.</summary>
internal static class TextSeries
{
    /// <summary>The series of a family, in the order of their first lines.</summary>
    /// <exception cref="FormatException">A line is missing or contradicts another one; the message says which.</exception>
    public static IReadOnlyList<ParsedSeries> Of(ParsedFamily family) => family.Type switch
    {
        "histogram" => [.. Groups(family).Select(lines => Histogram(family.Name, lines))],
        "summary" => [.. Groups(family).Select(lines => Summary(family.Name, lines))],
        "counter" => [.. family.Samples.Select(sample => new ParsedSeries(sample.Labels, [], new SampleValue.Counter(NotNegative(sample))))],
        _ => [.. family.Samples.Select(sample => new ParsedSeries(sample.Labels, [], new SampleValue.Gauge(sample.Value)))],
    };

    private static IEnumerable<IGrouping<string, ParsedSample>> Groups(ParsedFamily family) => family.Samples.GroupBy(
        sample => string.Concat(OwnLabels(sample).Select(label => $"|{label.Name}={label.Value.Length}:{label.Value}")), StringComparer.Ordinal);

    private static ParsedSeries Histogram(string name, IGrouping<string, ParsedSample> lines)
    {
        ParsedSample[] buckets = [.. lines.Where(line => line.Name == name + "_bucket")];
        double[] bounds = [.. buckets.Select(UpperBound)];
        if (bounds.Length == 0 || !double.IsPositiveInfinity(bounds[^1]))
            throw new FormatException($"{name}{lines.Key} has no last bucket +Inf.");

        var counts = new List<long>();
        for (var i = 0; i < buckets.Length; i++)
        {
            if (i > 0 && bounds[i] <= bounds[i - 1])
                throw new FormatException($"{name}{lines.Key} has the bucket {bounds[i]} after {bounds[i - 1]}.");
            if (i > 0 && buckets[i].Value < buckets[i - 1].Value)
                throw new FormatException($"{name}{lines.Key} is not cumulative: {buckets[i].Value} after {buckets[i - 1].Value}.");
            counts.Add(Whole(buckets[i]) - (i == 0 ? 0 : Whole(buckets[i - 1])));
        }
        var count = Whole(Only(lines, name + "_count"));
        if (count != Whole(buckets[^1]))
            throw new FormatException($"{name}{lines.Key} has {count} as _count, but {buckets[^1].Value} in the bucket +Inf.");
        return new ParsedSeries(
            OwnLabels(buckets[0]), bounds[..^1], new SampleValue.Histogram(ValueList.From(counts), Only(lines, name + "_sum").Value));
    }

    private static ParsedSeries Summary(string name, IGrouping<string, ParsedSample> lines) => new(
        lines.First().Labels, [], new SampleValue.Summary(Whole(Only(lines, name + "_count")), Only(lines, name + "_sum").Value));

    private static ParsedSample Only(IGrouping<string, ParsedSample> lines, string name) =>
        lines.Where(line => line.Name == name).ToArray() is [var only] ? only : throw new FormatException($"{name}{lines.Key} should be there once.");

    private static (string Name, string Value)[] OwnLabels(ParsedSample sample) =>
        [.. sample.Labels.Where(label => !(label.Name == "le" && sample.Name.EndsWith("_bucket", StringComparison.Ordinal)))];

    private static double UpperBound(ParsedSample bucket)
    {
        var bound = bucket.Labels.SingleOrDefault(label => label.Name == "le").Value
            ?? throw new FormatException($"{bucket.Name} has no label le.");
        return bound == "+Inf" ? double.PositiveInfinity : double.Parse(bound, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static long Whole(ParsedSample sample) => sample.Value >= 0 && Math.Truncate(sample.Value) == sample.Value
        ? (long)sample.Value
        : throw new FormatException($"{sample.Name} is {sample.Value}, but counts.");

    private static double NotNegative(ParsedSample sample) =>
        sample.Value >= 0 ? sample.Value : throw new FormatException($"{sample.Name} is {sample.Value}, but is a total.");
}
