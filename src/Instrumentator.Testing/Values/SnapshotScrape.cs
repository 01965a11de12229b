namespace Instrumentator.Testing;

/// <summary>The content of a registry as a scrape in Prometheus text format, created from its values without any
/// text.</summary>
internal static class SnapshotScrape
{
    public static ParsedScrape Of(Registry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return new(ValueList.From(registry.Scrape().Families.Select(Family)));
    }

    private static ParsedFamily Family(FamilySnapshot family) => new(
        family.Definition.Name,
        TypeOf(family.Definition.Kind),
        family.Definition.Help,
        Unit: null,
        ValueList.From(family.Samples.SelectMany(sample => Samples(family.Definition, sample))))
    { IsTyped = true };

    private static string TypeOf(MetricKind kind) =>
        kind == MetricKind.Unknown ? "untyped" : kind.ToString().ToLowerInvariant();

    // A switch instead of Match: a new kind must not break code that does not use it.
    private static IEnumerable<ParsedSample> Samples(FamilyDefinition family, Sample sample)
    {
        Label[] labels = [.. sample.Labels.Names.Zip(sample.Labels.Values, (name, value) => new Label(name, value))];
        return sample.Value switch
        {
            SampleValue.Counter counter => [new(family.Name, [.. labels], counter.Value, counter.Exemplar)],
            SampleValue.Gauge gauge => [new(family.Name, [.. labels], gauge.Value)],
            SampleValue.Histogram histogram =>
            [
                .. Buckets(family, labels, histogram),
                .. CountAndSum(family.Name, labels, histogram.Count, histogram.Sum)
            ],
            SampleValue.Summary summary =>
            [
                .. Quantiles(family.Name, labels, summary),
                .. CountAndSum(family.Name, labels, summary.Count, summary.Sum)
            ],
            _ => [],
        };
    }

    private static IEnumerable<ParsedSample> Buckets(
        FamilyDefinition family,
        Label[] labels,
        SampleValue.Histogram histogram)
    {
        var cumulative = 0L;
        foreach (var (bound, count) in (histogram.Buckets ?? family.Buckets)
            .Append(double.PositiveInfinity)
            .Zip(histogram.Counts))
        {
            yield return new(family.Name + "_bucket", [.. labels, new("le", Bound(bound))], cumulative += count);
        }
    }

    private static IEnumerable<ParsedSample> Quantiles(string name, Label[] labels, SampleValue.Summary summary) =>
        summary.Quantiles.Select(quantile =>
            new ParsedSample(name, [.. labels, new("quantile", Bound(quantile.Rank))], quantile.Value));

    private static ParsedSample[] CountAndSum(string name, Label[] labels, long count, double sum) =>
        [new(name + "_count", [.. labels], count), new(name + "_sum", [.. labels], sum)];

    // With a decimal point, as in a scrape.
    private static string Bound(double bound) =>
        SampleText.Number(bound) is var text && text.All(c => char.IsAsciiDigit(c) || c == '-')
            ? text + ".0"
            : text;
}
