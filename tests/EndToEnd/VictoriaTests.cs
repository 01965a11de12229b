namespace Instrumentator.EndToEnd;

/// <summary>What VictoriaMetrics answers that scraped the sample after known traffic.</summary>
public sealed class VictoriaTests(ShopAfterTraffic shop)
{
    [Fact]
    public async Task Every_line_of_the_scrape_is_a_series_with_the_same_number_and_there_is_no_other()
    {
        var victoria = await shop.VictoriaAsync();
        var scrape = await shop.ScrapeAsync();

        var names = scrape
            .Text.Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('{', ' ')[0])
            .Distinct()
            .ToArray();
        var read = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            foreach (var series in await victoria.QueryAsync(name))
                read.Add(Sorted(series.Labels.Where(label => label.Key is not ("job" or "instance"))), series.Value);
        }

        Assert.Equal(scrape.Count, read.Count);
        Assert.All(
            names.Where(name => !ScrapeText.IsOfProcess(name)).SelectMany(name =>
                scrape.Family(name).Select(sample => (Series: Sorted(name, sample.Key), sample.Value))),
            sample => AssertSame(sample.Value, read[sample.Series]));
    }

    [Fact]
    public async Task It_counts_the_lines_of_the_scrape()
    {
        var victoria = await shop.VictoriaAsync();

        Assert.Equal(
            (await shop.ScrapeAsync()).Count,
            await victoria.ValueAsync("scrape_samples_scraped{job=\"shop\"}"));
    }

    [Fact]
    public async Task Its_sums_are_those_of_the_traffic()
    {
        var victoria = await shop.VictoriaAsync();

        Assert.Equal(Traffic.Total, await victoria.ValueAsync("sum(http_requests_total)"));
        Assert.Equal(Traffic.Total, await victoria.ValueAsync("sum(http_request_duration_seconds_count)"));
        Assert.Equal(shop.ResponseSizes.Values.Sum(), await victoria.ValueAsync("sum(http_response_size_bytes_sum)"));
        Assert.Equal(
            Traffic.SumBy(request => (request.Handler!, request.MethodLabel, request.StatusLabel)),
            (await victoria.QueryAsync("http_requests_total")).ToDictionary(
                series => (series.Labels["handler"], series.Labels["method"], series.Labels["status"]),
                series => series.Value));
    }

    [Fact]
    public async Task The_median_of_the_slow_route_lies_in_the_bucket_of_its_delay()
    {
        var victoria = await shop.VictoriaAsync();

        // It takes 200 ms: more than the bound 0.1, less than the bound 0.5.
        Assert.InRange(
            await victoria.ValueAsync(
                "histogram_quantile(0.5, http_request_duration_seconds_bucket{handler=\"/slow\"})"),
            0.1,
            0.5);
    }

    // It keeps numbers as decimals of at most 15 digits or so.
    private static void AssertSame(double expected, double actual) =>
        Assert.Equal(expected, actual, tolerance: 1e-12 * Math.Abs(expected));

    private static string Sorted(string name, string labels) =>
        string.Join(
            ',',
            labels
                .Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Append($"__name__=\"{name}\"")
                .Order(StringComparer.Ordinal));

    private static string Sorted(IEnumerable<KeyValuePair<string, string>> labels) =>
        string.Join(',', labels.Select(label => $"{label.Key}=\"{label.Value}\"").Order(StringComparer.Ordinal));
}
