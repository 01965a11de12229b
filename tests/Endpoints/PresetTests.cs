using System.Globalization;
using Microsoft.AspNetCore.Mvc;

namespace Instrumentator.Tests;

/// <summary>Apps of all kinds with the metric names of prometheus-net.</summary>
public sealed class PresetTests
{
    /// <summary>Where routing stands: before <c>UseInstrumentator</c>, as <c>WebApplication</c> has it, or
    /// after.</summary>
    public static TheoryData<bool> Orders => [false, true];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task A_scrape_matches_that_of_prometheus_net(bool routingLater)
    {
        await using var app = await StartAsync(routingLater, app =>
        {
            app.MapInstrumentator();
            app.MapGet("/things/{id:int}", () => "x");
            MapControllers(app);
        });

        foreach (var path in new[] { "/Shop/Cart/Show", "/things/1", "/things/2", "/metrics", "/metrics" })
            await app.SendAsync("GET", path);

        var scrape = await app.Client.GetStringAsync(
            new Uri("/metrics", UriKind.Relative),
            TestContext.Current.CancellationToken);
        (string Labels, int Requests)[] series =
        [
            (
                """method="GET",controller="Cart",action="Show",endpoint="{area:exists}/{controller=Home}/{action=Index}/{id?}" """.TrimEnd(),
                1),
            ("""method="GET",controller="",action="",endpoint="/things/{id:int}" """.TrimEnd(), 2),
        ];
        Assert.Equal(Scrape(series), scrape);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Controllers_are_labeled_by_controller_action_and_raw_template(bool routingLater)
    {
        await using var app = await StartAsync(routingLater, MapControllers);

        foreach (
            var path in new[]
            {
                "/attributed/5",
                "/Conventional/List/7",
                "/conventional/LIST",
                "/",
                "/Shop/Cart/Show",
            })
        {
            Assert.True((await app.SendAsync("GET", path)).IsSuccessStatusCode, path);
        }

        Assert.Equal(
            [
                "200 GET Attributed Get attributed/{id:int} 1",
                "200 GET Conventional List {controller=Home}/{action=Index}/{id?} 2",
                "200 GET Home Index {controller=Home}/{action=Index}/{id?} 1",
                "200 GET Cart Show {area:exists}/{controller=Home}/{action=Index}/{id?} 1",
            ],
            app.Received());
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Fallbacks_are_labeled_by_their_target(bool routingLater)
    {
        await using var app = await StartAsync(
            routingLater,
            app =>
            {
                app.MapFallbackToPage("/pages/{id:int}", "/Hello");
                app.MapFallbackToController("Index", "Home");
            },
            page: true,
            builder => builder.Services.AddRazorPages().AddApplicationPart(typeof(PresetTests).Assembly));

        foreach (var path in new[] { "/pages/5", "/any/thing" })
            Assert.True((await app.SendAsync("GET", path)).IsSuccessStatusCode, path);

        Assert.Equal(["200 GET - - /Hello /Hello 1", "200 GET Home Index - /Home/Index 1"], app.Received());
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Razor_pages_have_a_page_label_if_it_is_enabled(bool routingLater)
    {
        await using var app = await StartAsync(
            routingLater,
            app => app.MapRazorPages(),
            page: true,
            builder => builder.Services.AddRazorPages().AddApplicationPart(typeof(PresetTests).Assembly));

        Assert.True((await app.SendAsync("GET", "/Hello/5")).IsSuccessStatusCode);
        await app.SendAsync("GET", "/nowhere");

        Assert.Equal(["200 GET - - /Hello Hello/{id:int} 1", "404 GET - - - - 1"], app.Received());
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Minimal_APIs_are_labeled_by_their_raw_template_including_the_group(bool routingLater)
    {
        await using var app = await StartAsync(routingLater, app =>
        {
            var group = app.MapGroup("/api/{tenant:alpha}");
            group.MapGet("items/{id:int}", () => "x");
            group.MapPost("/items", () => Results.Created());
            app.MapMethods("/both", ["GET", "HEAD"], () => "x");
            app.MapGet("", () => "root");
            app.MapFallback("/rest/{**path}", () => Results.Redirect("/"));
        });

        foreach (
            var (method, path) in new[]
            {
                ("GET", "/api/acme/items/5?q=1"),
                ("POST", "/api/acme/items"),
                ("HEAD", "/both"),
                ("GET", "/"),
                ("GET", "/rest/a%2Fb"),
            })
        {
            await app.SendAsync(method, path);
        }

        Assert.Equal(
            [
                "200 GET - - /api/{tenant:alpha}/items/{id:int} 1",
                "201 POST - - /api/{tenant:alpha}/items 1",
                "200 HEAD - - /both 1",
                "200 GET - - / 1",
                "302 GET - - /rest/{**path} 1",
            ],
            app.Received());
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Requests_without_a_route_have_no_route_labels(bool routingLater)
    {
        await using var app = await StartAsync(routingLater, app =>
        {
            MapControllers(app);
            app.MapGet("/things", () => "x");
            app.MapPost("/body", () => "x").Accepts<string>("application/json");
        });

        await app.SendAsync("GET", "/nowhere/at/all/there");
        await app.SendAsync("POST", "/things");
        await app.SendAsync("HEAD", "/things");
        await app.SendAsync("DELETE", "/Conventional/OnlyGet");
        await app.SendAsync("POST", "/metrics");
        using var content = new StringContent("x");
        await app.Client.PostAsync(new Uri("/body", UriKind.Relative), content, TestContext.Current.CancellationToken);

        Assert.Equal(
            ["404 GET - - - 1", "405 POST - - - 1", "405 HEAD - - - 1", "405 DELETE - - - 1", "415 POST - - - 1"],
            app.Received());
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task An_exception_counts_as_a_500_of_its_route(bool routingLater)
    {
        await using var app = await StartAsync(
            routingLater,
            app => app.MapGet("/boom/{id}", string () => throw new InvalidOperationException("boom")));

        await app.TrySendAsync("GET", "/boom/5");

        Assert.Equal(["500 GET - - /boom/{id} 1"], app.Received());
        Assert.All(app.InProgress(), line => Assert.EndsWith(" 0", line, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Parameters_that_clients_fill_in_are_no_labels_whatever_they_are_called(bool routingLater)
    {
        await using var app = await StartAsync(
            routingLater,
            app => app.MapGet("/any/{controller}/{action=x}/{page?}", () => "x"),
            page: true);

        for (var i = 0; i < 50; i++)
            await app.SendAsync("GET", $"/any/c{i}/a{i}/p{i}");

        Assert.Equal(["200 GET - - - /any/{controller}/{action=x}/{page?} 50"], app.Received());
        Assert.All(app.InProgress(), line => Assert.StartsWith("GET - - - ", line, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task A_request_is_in_progress_under_the_labels_of_its_route(bool routingLater)
    {
        var gate = new Gate();
        await using var app = await StartAsync(routingLater, MapControllers, services: builder =>
        {
            builder.Services.AddSingleton(gate);
            AddControllers(builder);
        });

        var held = app.SendAsync("GET", "/held");
        await gate.Entered.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Contains("GET Held Hold held 1", app.InProgress());
        gate.Opened.SetResult();
        await held;

        Assert.Equal(["GET Held Hold held 0"], app.InProgress());
    }

    [Fact]
    public async Task A_route_may_have_its_own_label_and_keep_its_controller()
    {
        await using var app = await StartAsync(
            routingLater: false,
            app => app.MapControllers().WithHandlerLabel("all controllers"));

        await app.SendAsync("GET", "/attributed/5");

        Assert.Equal(["200 GET Attributed Get all controllers 1"], app.Received());
    }

    private static void MapControllers(WebApplication app)
    {
        app.MapControllers();
        app.MapControllerRoute("areas", "{area:exists}/{controller=Home}/{action=Index}/{id?}");
        app.MapControllerRoute("default", "{controller=Home}/{action=Index}/{id?}");
    }

    private static void AddControllers(WebApplicationBuilder builder) =>
        builder.Services.AddControllersWithViews().AddApplicationPart(typeof(PresetTests).Assembly);

    private static Task<TestApp> StartAsync(
        bool routingLater,
        Action<WebApplication> endpoints,
        bool page = false,
        Action<WebApplicationBuilder>? services = null
    ) =>
        TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                if (routingLater)
                    app.UseRouting();
                endpoints(app);
            },
            it => Presets.PrometheusNet(it.Registry, page),
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(new QuarterSeconds());
                (services ?? AddControllers)(builder);
            });

    /// <summary>Returns the scrape after requests that took a quarter of a second each.</summary>
    private static string Scrape((string Labels, int Requests)[] series)
    {
        string[] bounds =
        [
            "0.001",
            "0.002",
            "0.004",
            "0.008",
            "0.016",
            "0.032",
            "0.064",
            "0.128",
            "0.256",
            "0.512",
            "1.024",
            "2.048",
            "4.096",
            "8.192",
            "16.384",
            "32.768",
            "+Inf",
        ];
        IEnumerable<string> lines =
        [
            "# HELP http_requests_received_total HTTP requests that were answered.",
            "# TYPE http_requests_received_total counter",
            .. series.Select(one => $$"""http_requests_received_total{code="200",{{one.Labels}}} {{one.Requests}}"""),
            "# HELP http_request_duration_seconds Duration of HTTP requests, in seconds.",
            "# TYPE http_request_duration_seconds histogram",
            .. series.SelectMany(one =>
                bounds
                    .Select(
                        (bound, i) =>
                            $$"""http_request_duration_seconds_bucket{code="200",{{one.Labels}},le="{{bound}}"} {{(i < 8 ? 0 : one.Requests)}}""")
                    .Append($$"""http_request_duration_seconds_count{code="200",{{one.Labels}}} {{one.Requests}}""")
                    .Append(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $$"""http_request_duration_seconds_sum{code="200",{{one.Labels}}} {{one.Requests * 0.25}}"""))),
            "# HELP http_requests_in_progress Number of HTTP requests in progress.",
            "# TYPE http_requests_in_progress gauge",
            .. series.Select(one => $$"""http_requests_in_progress{{{one.Labels}}} 0"""),
        ];
        return string.Concat(lines.Select(line => line + "\n"));
    }

    /// <summary>Holds a request until a test opens the gate.</summary>
    public sealed class Gate
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

public sealed class HeldController : ControllerBase
{
    [HttpGet("held")]
    public async Task<string> Hold([FromServices] PresetTests.Gate gate)
    {
        gate.Entered.SetResult();
        await gate.Opened.Task;
        return "held";
    }
}

file static class PresetLines
{
    /// <summary>A line a series, its labels' values with <c>-</c> for an empty one; duration and count must
    /// agree.</summary>
    public static string[] Received(this TestApp app)
    {
        Assert.Equal(
            app.Series("http_requests_received_total", Values),
            app.Series("http_request_duration_seconds", Values));
        return app.Series("http_requests_received_total", Values);
    }

    public static string[] InProgress(this TestApp app) => app.Series("http_requests_in_progress", Values);

    private static string Values(LabelSet labels) =>
        string.Join(' ', labels.Values.Select(value => value.Length == 0 ? "-" : value));
}
