using System.IO.Compression;
using System.Net.Http.Headers;

namespace Instrumentator.EndToEnd;

/// <summary>What anyone reads at /metrics after known traffic.</summary>
public sealed class ScrapeTests(ShopAfterTraffic shop)
{
    private static readonly string[] _bounds = ["0.1", "0.5", "1.0", "+Inf"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_request_is_counted_once_by_handler_method_and_status()
    {
        var scrape = await shop.ScrapeAsync();

        var expected = Traffic.SumBy(request =>
            $"handler=\"{request.Handler}\",method=\"{request.MethodLabel}\",status=\"{request.StatusLabel}\"");
        Assert.Equal(expected, scrape.Family("http_requests_total"));
    }

    [Fact]
    public async Task Request_sizes_are_those_of_the_bodies_that_were_sent()
    {
        var scrape = await shop.ScrapeAsync();

        Assert.Equal(
            Traffic.SumBy(ByHandler, request => request.BodyBytes),
            scrape.Family("http_request_size_bytes_sum"));
        Assert.Equal(Traffic.SumBy(ByHandler), scrape.Family("http_request_size_bytes_count"));
    }

    [Fact]
    public async Task Response_sizes_are_the_Content_Lengths_that_were_received()
    {
        var scrape = await shop.ScrapeAsync();

        var expected = shop.ResponseSizes.ToDictionary(size => $"handler=\"{size.Key}\"", size => size.Value);
        Assert.Equal(expected, scrape.Family("http_response_size_bytes_sum"));
        Assert.Equal(66 * 1024, expected["handler=\"/export/{kilobytes}\""]);
    }

    [Fact]
    public async Task A_slow_route_shows_in_the_buckets_above_its_delay()
    {
        var scrape = await shop.ScrapeAsync();

        // It takes 200 ms.
        var series = "http_request_duration_seconds_bucket{handler=\"/slow\",method=\"GET\",le=";
        Assert.Equal(0, scrape[$"{series}\"0.1\"}}"]);
        Assert.True(scrape[$"{series}\"0.5\"}}"] > Traffic.Slow / 2, "Most of them must take less than 0.5 s.");
        Assert.Equal(Traffic.Slow, scrape[$"{series}\"+Inf\"}}"]);
        Assert.True(scrape["http_request_duration_highr_seconds_bucket{le=\"0.1\"}"] <= Traffic.Total - Traffic.Slow);
    }

    [Fact]
    public async Task Buckets_grow_up_to_the_count()
    {
        var scrape = await shop.ScrapeAsync();

        foreach (var (labels, count) in scrape.Family("http_request_duration_seconds_count"))
        {
            var buckets = _bounds
                .Select(bound => scrape[$"http_request_duration_seconds_bucket{{{labels},le=\"{bound}\"}}"])
                .ToArray();
            Assert.Equal(buckets.Order(), buckets);
            Assert.Equal(count, buckets[^1]);
        }
        Assert.Equal(Traffic.Total, scrape["http_request_duration_highr_seconds_count"]);
    }

    [Fact]
    public async Task The_metrics_of_the_shop_itself_are_right()
    {
        var scrape = await shop.ScrapeAsync();

        Assert.Equal(
            Traffic.SumBy(request => $"country=\"{request.Country}\"", where: request => request.Country is not null),
            scrape.Family("shop_orders_total"));
        Assert.Equal(
            Traffic.SumBy(request => $"language=\"{request.LanguageLabel}\""), scrape.Family("shop_visits_total"));
        Assert.Equal(
            Traffic.SumBy(
                request => $"method=\"{request.MethodLabel}\",status=\"{request.StatusLabel}\"",
                where: request => request.Handler == "/orders"),
            scrape.Family("shop_checkout_duration_seconds_count"));
        Assert.Equal(
            Traffic.Measured.Sum(request => request.Times * request.BodyBytes) + shop.ResponseSizes.Values.Sum(),
            scrape.Family("shop_http_combined_size_bytes_sum").Values.Sum());
    }

    [Fact]
    public async Task Nothing_is_in_progress_when_all_is_done()
    {
        var scrape = await shop.ScrapeAsync();

        var expected = Traffic.SumBy(
            request => $"handler=\"{request.Handler}\",method=\"{request.MethodLabel}\"",
            _ => 0);
        Assert.Equal(expected, scrape.Family("http_requests_inprogress"));
    }

    [Theory]
    [InlineData("health")]
    [InlineData("ready")]
    [InlineData("/metrics")]
    [InlineData("instrumentator_metric_function_errors_total")]
    public async Task What_is_excluded_and_what_did_not_happen_leaves_no_trace(string text) =>
        Assert.DoesNotContain(text, (await shop.ScrapeAsync()).Text, StringComparison.Ordinal);

    [Fact]
    public async Task The_content_type_is_that_of_the_text_format_and_nothing_is_compressed_unasked()
    {
        using var response = await shop.Client.GetAsync("/metrics", Cancelled);

        Assert.Equal(
            "text/plain; version=0.0.4; charset=utf-8",
            Assert.Single(response.Content.Headers.NonValidated["Content-Type"]));
        Assert.Empty(response.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task A_reader_that_takes_gzip_gets_the_same_text_compressed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var response = await shop.Client.SendAsync(request, Cancelled);

        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        await using var text = new GZipStream(
            await response.Content.ReadAsStreamAsync(Cancelled),
            CompressionMode.Decompress);
        using var reader = new StreamReader(text);
        Assert.Equal(
            (await shop.ScrapeAsync()).TextOfRequests,
            new ScrapeText(await reader.ReadToEndAsync(Cancelled)).TextOfRequests);
    }

    [Fact]
    public async Task HEAD_answers_like_GET_without_the_text()
    {
        // The length of all metrics changes with those of the process.
        const string Path = "/metrics?name[]=http_requests_total";
        using var get = await shop.Client.GetAsync(Path, Cancelled);
        using var request = new HttpRequestMessage(HttpMethod.Head, Path);
        using var head = await shop.Client.SendAsync(request, Cancelled);

        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancelled));
    }

    [Fact]
    public void Failures_on_purpose_leave_the_console_quiet() =>
        Assert.Collection(
            shop.Shop.Process.Lines,
            line => Assert.Matches("^Open .*/metrics-live in a browser: .*$", line),
            line => Assert.Matches("^The shop is at .*, its metrics are at .*$", line));

    private static string ByHandler(PlannedRequest request) => $"handler=\"{request.Handler}\"";
}
