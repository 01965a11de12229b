using Instrumentator.Testing;

namespace Instrumentator.OpenTelemetry.Tests;

/// <summary>A histogram of a scrape: for each upper bound, the number of observations up to it.</summary>
internal sealed record ScrapedHistogram(double Count, double Sum, SortedDictionary<double, double> Buckets)
{
    /// <summary>Returns the histogram of all observations of several histograms with the same bounds.</summary>
    public static ScrapedHistogram Join(IEnumerable<ScrapedHistogram> histograms)
    {
        ScrapedHistogram[] all = [.. histograms];
        return new(
            all.Sum(one => one.Count),
            all.Sum(one => one.Sum),
            new(all
                .SelectMany(one => one.Buckets)
                .GroupBy(bucket => bucket.Key)
                .ToDictionary(bounds => bounds.Key, bounds => bounds.Sum(bucket => bucket.Value))));
    }
}

/// <summary>A scrape in OpenMetrics, for comparison with one that another library wrote: neither the order of series
/// nor that of labels matters.</summary>
internal sealed class Scrape
{
    private const string Gauge = "http_server_active_requests";

    private Scrape(IEnumerable<ParsedFamily> families)
    {
        ParsedFamily[] all = [.. families];
        Families = [.. all.Select(family => $"{family.Name} {family.Type} {family.Unit} {family.Help}").Order()];
        Values = all
            .Where(family => family.Type != "histogram")
            .SelectMany(family => family.Samples)
            .ToDictionary(sample => sample.Name + Labels(sample), sample => sample.Value);
        Histograms = all
            .Where(family => family.Type == "histogram")
            .SelectMany(family => family.Samples.GroupBy(sample => family.Name + Labels(sample)))
            .ToDictionary(series => series.Key, Histogram);
    }

    /// <summary>Gets the name, type, unit and help text of each family.</summary>
    public string[] Families { get; }

    /// <summary>Gets the values of counters and gauges by name and labels.</summary>
    public IReadOnlyDictionary<string, double> Values { get; }

    /// <summary>Gets the histograms by name and labels.</summary>
    public IReadOnlyDictionary<string, ScrapedHistogram> Histograms { get; }

    /// <summary>Gets the number of requests by labels, one line each.</summary>
    public string[] Counts =>
        [.. Histograms.Select(one => FormattableString.Invariant($"{one.Key} {one.Value.Count}")).Order()];

    public static Scrape Ours(string text) => new(ParsedScrape.OpenMetrics(text).Families);

    /// <summary>Reads the text of OpenTelemetry's exporter, without the parts that ours has not on purpose.</summary>
    /// <remarks>
    /// <list type="bullet">
    /// <item><c>target_info</c> describes the resource of OpenTelemetry's SDK: its own version, and a service name that
    /// Prometheus's <c>job</c> already has.</item>
    /// <item><c>otel_scope_name</c> is the name of the meter. There is one meter, so it distinguishes nothing.</item>
    /// <item><c>_created</c> is the start of each series, which OpenMetrics has as an option.</item>
    /// <item>The gauge counts the request for this text, because it is in progress. Ours does not measure
    /// scrapes.</item>
    /// </list>
    /// </remarks>
    public static Scrape Theirs(string text) => new(
        from family in ParsedScrape.OpenMetrics(text).Families
        where family.Name != "target"
        select family with
        {
            Samples = ValueList.From(
                from sample in family.Samples
                where !sample.Name.EndsWith("_created", StringComparison.Ordinal)
                let isOwn = sample.Name == Gauge
                    && sample.ValueOf("http_request_method") == "GET"
                    && sample.ValueOf("url_scheme") == "http"
                select sample with
                {
                    Labels = ValueList.From(sample.Labels.Where(label => label.Name != "otel_scope_name")),
                    Value = isOwn ? sample.Value - 1 : sample.Value,
                }),
        });

    // In Prometheus's data model, an empty label is the same as none.
    private static string Labels(ParsedSample sample) =>
        "{" + string.Join(
            ',',
            from label in sample.Labels
            where label.Value.Length > 0 && label.Name != "le"
            orderby label.Name
            select $"{label.Name}=\"{label.Value}\"") + "}";

    private static ScrapedHistogram Histogram(IEnumerable<ParsedSample> samples)
    {
        var bySuffix = samples.ToLookup(sample => sample.Name[(sample.Name.LastIndexOf('_') + 1)..]);
        return new(
            bySuffix["count"].Single().Value,
            bySuffix["sum"].Single().Value,
            new(bySuffix["bucket"].ToDictionary(Bound, bucket => bucket.Value)));
    }

    private static double Bound(ParsedSample bucket) => bucket.ValueOf("le") is "+Inf"
        ? double.PositiveInfinity
        : double.Parse(bucket.ValueOf("le")!, System.Globalization.CultureInfo.InvariantCulture);
}
