using System.Globalization;

namespace Instrumentator.Properties.Reference;

/// <summary>A series of a scrape: all the lines that one cell wrote. The bounds are those of a histogram.</summary>
internal sealed record ParsedSeries(IReadOnlyList<(string Name, string Value)> Labels, IReadOnlyList<double> Bounds, SampleValue Value);

/// <summary>Puts the samples of a family together to series, and checks what must hold among them.</summary>
internal static class TextSeries
{
    /// <summary>The series of a family, in the order of their first lines. Where OpenMetrics has no sum of observations, it is NaN.</summary>
    /// <exception cref="FormatException">A line is missing or contradicts another one; the message says which.</exception>
    public static IReadOnlyList<ParsedSeries> Of(ParsedFamily family, bool isOpenMetrics = false) => family.Type switch
    {
        "histogram" => [.. Groups(family).Select(lines => Histogram(family.Name, lines, isOpenMetrics))],
        "summary" => [.. Groups(family).Select(lines => Summary(family.Name, lines, isOpenMetrics))],
        "counter" => [.. family.Samples.Select(sample => new ParsedSeries(sample.Labels, [], new SampleValue.Counter(NotNegative(sample)) { Exemplar = sample.Exemplar }))],
        _ => [.. family.Samples.Select(sample => new ParsedSeries(sample.Labels, [], new SampleValue.Gauge(sample.Value)))],
    };

    private static IEnumerable<IGrouping<string, ParsedSample>> Groups(ParsedFamily family) => family.Samples.GroupBy(
        sample => string.Concat(OwnLabels(sample).Select(label => $"|{label.Name}={label.Value.Length}:{label.Value}")), StringComparer.Ordinal);

    private static ParsedSeries Histogram(string name, IGrouping<string, ParsedSample> lines, bool isOpenMetrics)
    {
        ParsedSample[] buckets = [.. lines.Where(line => line.Name == name + "_bucket")];
        double[] bounds = [.. buckets.Select(bucket => Number(bucket, "le"))];
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
        if (isOpenMetrics && (bounds[0] < 0 || Find(lines, name + "_sum") is null))
        {
            // "If and only if a Sum Value is present", there is a _count.
            if (Find(lines, name + "_sum") is not null || Find(lines, name + "_count") is not null)
                throw new FormatException($"{name}{lines.Key} has a _count or a _sum, which it must not have.");
            return Histogram(buckets, bounds, counts, double.NaN);
        }
        var count = Whole(Only(lines, name + "_count"));
        if (count != Whole(buckets[^1]))
            throw new FormatException($"{name}{lines.Key} has {count} as _count, but {buckets[^1].Value} in the bucket +Inf.");
        return Histogram(buckets, bounds, counts, Only(lines, name + "_sum").Value);
    }

    private static ParsedSeries Histogram(ParsedSample[] buckets, double[] bounds, List<long> counts, double sum) => new(
        OwnLabels(buckets[0]),
        bounds[..^1],
        new SampleValue.Histogram(ValueList.From(counts), sum)
        {
            Exemplars = buckets.Any(bucket => bucket.Exemplar is not null) ? ValueList.From(buckets.Select(bucket => bucket.Exemplar)) : [],
        });

    private static ParsedSeries Summary(string name, IGrouping<string, ParsedSample> lines, bool isOpenMetrics) => new(
        OwnLabels(lines.First()),
        [],
        new SampleValue.Summary(
            Whole(Only(lines, name + "_count")),
            isOpenMetrics && Find(lines, name + "_sum") is null ? double.NaN : Only(lines, name + "_sum").Value)
        {
            Quantiles = ValueList.From(lines.Where(line => line.Name == name).Select(line => new Quantile(Number(line, "quantile"), line.Value))),
        });

    private static ParsedSample? Find(IGrouping<string, ParsedSample> lines, string name) => lines.FirstOrDefault(line => line.Name == name);

    private static ParsedSample Only(IGrouping<string, ParsedSample> lines, string name) =>
        lines.Where(line => line.Name == name).ToArray() is [var only] ? only : throw new FormatException($"{name}{lines.Key} should be there once.");

    private static (string Name, string Value)[] OwnLabels(ParsedSample sample) => [.. sample.Labels.Where(label => label.Name is not ("le" or "quantile"))];

    private static double Number(ParsedSample sample, string name)
    {
        var number = sample.Labels.SingleOrDefault(label => label.Name == name).Value ?? throw new FormatException($"{sample.Name} has no label {name}.");
        return number == "+Inf" ? double.PositiveInfinity : double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static long Whole(ParsedSample sample) => sample.Value >= 0 && Math.Truncate(sample.Value) == sample.Value
        ? (long)sample.Value
        : throw new FormatException($"{sample.Name} is {sample.Value}, but counts.");

    private static double NotNegative(ParsedSample sample) =>
        sample.Value >= 0 ? sample.Value : throw new FormatException($"{sample.Name} is {sample.Value}, but is a total.");
}
