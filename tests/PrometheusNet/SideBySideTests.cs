using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Prometheus;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>Compares Presets.PrometheusNet with the middleware of prometheus-net. <see cref="Differences"/> has the
/// differences.</summary>
public sealed class SideBySideTests
{
    public static TheoryData<string> Setups => SideBySide.Setups;

    [Theory]
    [MemberData(nameof(Setups))]
    public async Task Every_kind_of_request_leaves_the_same_scrape(string setup)
    {
        await using var both = await SideBySide.StartAsync(setup, SideBySideApp.Configure);

        await both.SendAsync(SideBySideApp.Requests);

        await AssertSameAsync(both);
    }

    [Theory]
    [MemberData(nameof(Setups))]
    public async Task Status_codes_are_grouped_alike(string setup)
    {
        await using var both = await SideBySide.StartAsync(setup, SideBySideApp.Configure, grouped: true);

        await both.SendAsync(SideBySideApp.Requests);

        await AssertSameAsync(both);
        Assert.Contains("2xx GET - - / 2", (await both.OursAsync()).Values("http_requests_received_total"));
    }

    [Theory]
    [MemberData(nameof(Setups))]
    public async Task The_label_of_Razor_Pages_is_the_same(string setup)
    {
        await using var both = await SideBySide.StartAsync(setup, SideBySideApp.Configure, page: true);

        await both.SendAsync(SideBySideApp.Requests);

        await AssertSameAsync(both);
        Assert.Contains(
            "200 GET - - /Hello Hello/{id:int} 1", (await both.OursAsync()).Values("http_requests_received_total"));
    }

    [Property(MaxTest = 50)]
    public Property Any_requests_in_any_order_leave_the_same_scrape() =>
        Prop.ForAll(
            Arb.From(
                from setup in Gen.Elements(SideBySide.Setups.Select(setup => setup.Data))
                from requests in Gen.Elements(SideBySideApp.Requests).ListOf()
                from grouped in Gen.Elements(true, false)
                from page in Gen.Elements(true, false)
                select (Setup: setup, Requests: requests, Grouped: grouped, Page: page)),
            async one =>
            {
                await using var both = await SideBySide.StartAsync(
                    one.Setup, SideBySideApp.Configure, one.Grouped, one.Page);
                await both.SendAsync(one.Requests);
                await AssertSameAsync(both);
            });

    [Theory]
    [MemberData(nameof(Setups))]
    public async Task Concurrent_requests_leave_the_same_scrape(string setup)
    {
        await using var both = await SideBySide.StartAsync(setup, SideBySideApp.Configure);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => both.SendAsync(SideBySideApp.Requests))));

        await AssertSameAsync(both);
        Assert.Contains("404 DELETE - - - 4", (await both.OursAsync()).Values("http_requests_received_total"));
    }

    [Theory]
    [MemberData(nameof(Setups))]
    public async Task The_gauge_of_requests_in_progress_is_the_same_during_a_request_and_afterwards(string setup)
    {
        await using var both = await SideBySide.StartAsync(setup, SideBySideApp.Configure);

        var held = await both.HoldAsync(TestContext.Current.CancellationToken);
        await both.SendAsync([("GET", "/items/1"), ("GET", "/nowhere")]);
        await AssertSameAsync(both);
        Assert.Equal(
            ["GET - - - 0", "GET - - /held 1", "GET - - /items/{id:int} 0"],
            (await both.OursAsync()).Values("http_requests_in_progress"));
        both.LetGo();
        await Task.WhenAll(held);

        await AssertSameAsync(both);
        Assert.Contains("GET - - /held 0", (await both.OursAsync()).Values("http_requests_in_progress"));
    }

    [Theory]
    [MemberData(nameof(Setups))]
    public async Task With_routing_after_the_middleware_only_the_gauge_of_requests_in_progress_differs(string setup)
    {
        await using var both = await SideBySide.StartAsync(setup, RoutedLater);

        await both.SendAsync([.. SideBySideApp.Requests, ("GET", "/branch/users/5"), ("GET", "/branch/nowhere")]);

        Assert.Equal(WithoutGauge(await both.TheirsAsync()), WithoutGauge(await both.OursAsync()));
    }

    [Theory]
    [MemberData(nameof(Setups))]
    public async Task Responses_that_other_middleware_changes_are_counted_alike(string setup)
    {
        await using var both = await SideBySide.StartAsync(setup, (app, measure) =>
        {
            app.UsePathBase("/base");
            app.UseStatusCodePages();
            measure();
            app.UseStatusCodePages();
            app.UseRouting();
            SideBySideApp.Map(app);
        });

        await both.SendAsync(
        [
            .. SideBySideApp.Requests,
            ("GET", "/base/items/1"),
            ("GET", "/base"),
            ("GET", "/base/metrics"),
            ("GET", "/base/nowhere"),
        ]);

        Assert.Equal(WithoutGauge(await both.TheirsAsync()), WithoutGauge(await both.OursAsync()));
    }

    [Fact]
    public async Task Our_durations_are_not_shorter_if_our_middleware_is_the_outer_one()
    {
        await using var both = await SideBySide.StartAsync(SideBySide.OursOutside, SideBySideApp.Configure);

        await both.SendAsync(SideBySideApp.Requests);

        // Our middleware starts earlier and ends later, so no request is in a lower bucket and no sum is smaller. This
        // holds on any machine.
        var (ours, theirs) = ((await both.OursAsync()).Durations, (await both.TheirsAsync()).Durations);
        Assert.Equal(theirs.Keys.Order(StringComparer.Ordinal), ours.Keys.Order(StringComparer.Ordinal));
        Assert.All(ours, one => Assert.True(
            IsSum(one.Key) ? one.Value >= theirs[one.Key] : one.Value <= theirs[one.Key],
            $"{one}, theirs {theirs[one.Key]}"));
    }

    [Fact]
    public async Task Our_durations_are_not_longer_if_our_middleware_is_the_inner_one()
    {
        await using var both = await SideBySide.StartAsync(SideBySide.TheirsOutside, SideBySideApp.Configure);

        await both.SendAsync(SideBySideApp.Requests);

        // prometheus-net truncates durations to 100 ns, and no series has more requests than the test sends.
        var tolerance = SideBySideApp.Requests.Length * 100e-9;
        var (ours, theirs) = ((await both.OursAsync()).Durations, (await both.TheirsAsync()).Durations);
        Assert.All(ours.Where(one => IsSum(one.Key)), one => Assert.True(
            one.Value <= theirs[one.Key] + tolerance, $"{one}, theirs {theirs[one.Key]}"));
    }

    [Property]
    public Property The_same_durations_give_the_same_buckets_and_sums() =>
        Prop.ForAll(
            Arb.From(
                (from power in Gen.Choose(0, 16)
                 from step in Gen.Choose(-1, 1)
                 from ticks in Gen.Frequency(
                     (3, Gen.Constant((1L << power) * 1_000_000 + step)),
                     (1, Gen.Choose(0, int.MaxValue).Select(one => (long)one * 20)))
                 select ticks).ListOf()),
            async durations =>
            {
                var registry = new Registry();
                var ours = new Recorder(
                    Presets.PrometheusNet(registry).With(config => config with { InProgress = null }), (_, _) => { });
                var route = ours.Templated("/");
                var theirs = Prometheus.Metrics.NewCustomRegistry();
                var histogram = Prometheus.Metrics.WithCustomRegistry(theirs)
                    .CreateHistogram(
                        "http_request_duration_seconds",
                        "",
                        _labels,
                        new HistogramConfiguration
                        {
                            Buckets = Prometheus.Histogram.ExponentialBuckets(0.001, 2, 16),
                        });
                foreach (var ticks in durations)
                {
                    // In nanoseconds: the bounds are met to the last bit.
                    ours.Record(
                        route,
                        new() { Method = "GET", StatusCode = 200, EndedAt = ticks, TicksPerSecond = 1_000_000_000 });
                    histogram.WithLabels("200", "GET", "", "", "/").Observe(ticks / 1e9);
                }

                var lines = Scrape.Of(registry).Lines
                    .Where(line => !line.Contains("http_requests_received", StringComparison.Ordinal));
                Assert.Equal((await Scrape.OfAsync(theirs)).Lines, lines);
            });

    private static readonly string[] _labels = ["code", "method", "controller", "action", "endpoint"];

    private static async Task AssertSameAsync(SideBySide both) =>
        Assert.Equal((await both.TheirsAsync()).Counted, (await both.OursAsync()).Counted);

    private static void RoutedLater(WebApplication app, Action measure)
    {
        measure();
        app.Use((context, next) => context.Request.Path == "/middleware"
            ? context.Response.WriteAsync("middleware")
            : next(context));
        app.Map("/branch", branch => branch
            .UseRouting()
            .UseEndpoints(endpoints => endpoints.MapGet("/users/{id:int}", () => "branch")));
        app.UseRouting();
        SideBySideApp.Map(app);
    }

    private static IEnumerable<string> WithoutGauge(Scrape scrape) =>
        scrape.Counted.Where(line => !line.StartsWith("http_requests_in_progress{", StringComparison.Ordinal));

    private static bool IsSum(string line) => line.Contains("_sum{", StringComparison.Ordinal);
}
