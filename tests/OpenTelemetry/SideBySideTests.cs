using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator.OpenTelemetry.Tests;

/// <summary>Compares <see cref="Presets.OpenTelemetry"/> with what OpenTelemetry's Prometheus exporter writes of
/// ASP.NET Core's own meter. <see cref="Differences"/> and <see cref="Scrape.Theirs"/> have the intended
/// differences.</summary>
public sealed class SideBySideTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_kind_of_request_leaves_the_same_scrape(bool isRoutingLater)
    {
        await using var both = await SideBySide.StartAsync(
            isRoutingLater ? SideBySideApp.ConfigureRoutingLater : SideBySideApp.Configure);

        await both.SendAsync(SideBySideApp.Requests);

        await both.AssertSameAsync(SideBySideApp.Requests.Length);
    }

    [Property(MaxTest = 5)]
    public Property Any_requests_in_any_order_leave_the_same_scrape() => Prop.ForAll(
        Arb.From(Gen.Elements(SideBySideApp.Requests).ListOf(60)),
        async requests =>
        {
            await using var both = await SideBySide.StartAsync(SideBySideApp.Configure);
            await Parallel.ForEachAsync(
                requests,
                new ParallelOptions { MaxDegreeOfParallelism = 8 },
                async (request, _) => await both.SendAsync(request));
            await both.AssertSameAsync(requests.Count);
        });

    [Fact]
    public async Task Durations_are_those_of_the_whole_request_in_seconds()
    {
        await using var both = await SideBySide.StartAsync(SideBySideApp.Configure);

        await both.SendAsync([new("GET", "/wait/150"), new("GET", "/wait/160"), new("GET", "/stream")]);

        await both.AssertSameAsync(3);
        var ours = (await both.OursAsync()).Histograms;
        var waits = ours.Single(one => one.Key.Contains("/wait/", StringComparison.Ordinal)).Value;
        Assert.Equal(0, waits.Buckets[0.1]);
        Assert.InRange(waits.Sum, 0.3, 10);
        Assert.InRange(ours.Single(one => one.Key.Contains("/stream", StringComparison.Ordinal)).Value.Sum, 0.79, 10);
    }

    [Fact]
    public async Task The_gauge_of_active_requests_is_the_same_during_requests_and_afterwards()
    {
        await using var both = await SideBySide.StartAsync(SideBySideApp.Configure);
        Sent[] held =
        [
            new("GET", "/held"), new("GET", "/held"), new("POST", "/held"), new("GET", "/held", Wire.Http2),
            new("GET", "/held", Wire.Https2),
        ];

        var running = held.Select(both.SendAsync).ToArray();
        foreach (var _ in held)
            await both.Services.GetRequiredService<Gate>().WaitUntilEnteredAsync();

        string[] expected =
        [
            """http_server_active_requests{http_request_method="GET",url_scheme="http"} 3""",
            """http_server_active_requests{http_request_method="GET",url_scheme="https"} 1""",
            """http_server_active_requests{http_request_method="POST",url_scheme="http"} 1""",
        ];
        Assert.Equal(expected, Gauges(await both.OursAsync()));
        Assert.Equal(expected, Gauges(await both.TheirsAsync()));
        both.Services.GetRequiredService<Gate>().Open();
        await Task.WhenAll(running);
        await both.AssertSameAsync(held.Length);
    }

    [Fact]
    public async Task A_request_that_its_client_aborts_is_a_499_without_an_error_type()
    {
        await using var both = await SideBySide.StartAsync(SideBySideApp.Configure);

        await both.SendAndHangUpAsync("GET", "/held");

        await both.AssertSameAsync(1);
        Assert.Equal(
            [
                "http_server_request_duration_seconds{http_request_method=\"GET\",http_response_status_code=\"499\","
                    + "http_route=\"/held\",network_protocol_version=\"1.1\",url_scheme=\"http\"} 1",
            ],
            (await both.OursAsync()).Counts);
    }

    [Fact]
    public async Task A_request_that_the_app_opts_out_is_in_neither_scrape()
    {
        await using var both = await SideBySide.StartAsync((app, measure) =>
        {
            measure();
            app.MapGet("/opted-out", (HttpContext context) =>
            {
                context.Features.GetRequiredFeature<IHttpMetricsTagsFeature>().MetricsDisabled = true;
            });
            SideBySideApp.Map(app);
        });

        await both.SendAsync([new("GET", "/opted-out"), new("GET", "/")]);

        await both.AssertSameAsync(1);
    }

    [Fact]
    public async Task A_method_in_another_case_has_its_usual_name()
    {
        await using var both = await SideBySide.StartAsync(SideBySideApp.Configure);

        await both.SendAndHangUpAsync("gEt", "/held");

        await both.AssertSameAsync(1);
    }

    private static IEnumerable<string> Gauges(Scrape scrape) =>
        scrape.Values.Select(one => FormattableString.Invariant($"{one.Key} {one.Value}")).Order();
}
