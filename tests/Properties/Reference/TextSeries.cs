using System.Globalization;
using Instrumentator.Testing;

namespace Instrumentator.Properties.Reference;

/// <summary>A series of a scrape: all lines of one cell. The bounds are those of a histogram.</summary>
internal sealed record ParsedSeries(ValueList<Label> Labels, IReadOnlyList<double> Bounds, SampleValue Value)
{
    /// <summary>The value of its last line, <c>_created</c>; null if there is no such line.</summary>
    public double? Created { get; init; }
}

/// <summary>Groups the samples of a family into series. The parser has already checked that they agree with each
/// other.</summary>
internal static class TextSeries
{
    /// <summary>Returns the series of a family, in the order of their first lines. Where OpenMetrics has no sum of
    /// observations, it is NaN.</summary>
    /// <exception cref="FormatException">A total is negative.</exception>
    public static IReadOnlyList<ParsedSeries> Of(ParsedFamily family) => family.Type switch
    {
        "histogram" => [.. Groups(family).Select(lines => Histogram(family.Name, lines))],
        "summary" => [.. Groups(family).Select(lines => Summary(family.Name, lines))],
        "counter" => [.. Groups(family).Select(lines => Counter(family.Name, lines))],
        _ =>
        [
            .. family.Samples.Select(
                sample => new ParsedSeries(sample.Labels, [], new SampleValue.Gauge(sample.Value))),
        ],
    };

    private static IEnumerable<IGrouping<ValueList<Label>, ParsedSample>> Groups(ParsedFamily family) =>
        family.Samples.GroupBy(OwnLabels);

    private static ParsedSeries Counter(string name, IGrouping<ValueList<Label>, ParsedSample> lines)
    {
        var total = lines.First();
        return new(lines.Key, [], new SampleValue.Counter(NotNegative(total)) { Exemplar = total.Exemplar })
        {
            Created = CreatedOf(name, lines),
        };
    }

    private static double? CreatedOf(string name, IGrouping<ValueList<Label>, ParsedSample> lines) =>
        lines.Last() is { } last && last.Name == name + "_created" ? last.Value : null;

    private static ParsedSeries Histogram(string name, IGrouping<ValueList<Label>, ParsedSample> lines)
    {
        ParsedSample[] buckets = [.. lines.Where(line => line.Name == name + "_bucket")];
        var counts = buckets.Select((bucket, i) => (long)bucket.Value - (i == 0 ? 0 : (long)buckets[i - 1].Value));
        return new(
            lines.Key,
            [.. buckets.SkipLast(1).Select(bucket => Number(bucket, "le"))],
            new SampleValue.Histogram(ValueList.From(counts), SumOf(name, lines))
            {
                Exemplars = buckets.Any(bucket => bucket.Exemplar is not null)
                    ? ValueList.From(buckets.Select(bucket => bucket.Exemplar))
                    : [],
            })
        {
            Created = CreatedOf(name, lines),
        };
    }

    private static ParsedSeries Summary(string name, IGrouping<ValueList<Label>, ParsedSample> lines) => new(
        lines.Key,
        [],
        new SampleValue.Summary((long)lines.Single(line => line.Name == name + "_count").Value, SumOf(name, lines))
        {
            Quantiles = ValueList.From(lines
                .Where(line => line.Name == name)
                .Select(line => new Quantile(Number(line, "quantile"), line.Value))),
        })
    {
        Created = CreatedOf(name, lines),
    };

    private static double SumOf(string name, IGrouping<ValueList<Label>, ParsedSample> lines) =>
        lines.SingleOrDefault(line => line.Name == name + "_sum")?.Value ?? double.NaN;

    private static ValueList<Label> OwnLabels(ParsedSample sample) =>
        ValueList.From(sample.Labels.Where(label => label.Name is not ("le" or "quantile")));

    private static double Number(ParsedSample sample, string name) =>
        double.Parse(sample.ValueOf(name)!, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static double NotNegative(ParsedSample sample) =>
        sample.Value >= 0
            ? sample.Value
            : throw new FormatException($"{sample.Name} is {sample.Value}, but is a total.");
}
