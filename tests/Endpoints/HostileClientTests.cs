using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Instrumentator.Testing;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Instrumentator.Tests;

/// <summary>Data that clients send adds no series, no line of a scrape and no log entry.</summary>
public sealed class HostileClientTests
{
    private const string Evil = "evil";

    [Fact]
    public async Task Who_a_client_is_and_what_it_says_of_itself_makes_no_series()
    {
        var registry = new Registry();
        var app = Build(registry);
        await app(Context(0));
        var before = Series(registry);

        for (var i = 1; i < 2_000; i++)
            await app(Context(i));

        Assert.Equal(before, Series(registry));
        Assert.DoesNotContain(before, series => series.Contains(Evil, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(2_000, registry.Value("http_requests_total"));
    }

    [Fact]
    public async Task A_hundred_thousand_methods_are_one_label()
    {
        var registry = new Registry();
        var app = Build(registry);

        for (var i = 0; i < 100_000; i++)
            await app(new DefaultHttpContext { Request = { Method = i.ToString("x", CultureInfo.InvariantCulture) } });

        Assert.Equal(100_000, registry.Value("http_requests_total"));
        Assert.Single(
            Series(registry),
            series => series == "http_requests_total{handler=\"none\",method=\"_OTHER\",status=\"2xx\"}");
        Assert.Single(Series(registry), series => series.StartsWith("http_requests_total", StringComparison.Ordinal));
    }

    // gRPC for ASP.NET Core maps this route for calls of services and methods that do not exist.
    [Fact]
    public async Task Services_and_methods_of_grpc_that_are_not_there_are_one_label()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseInstrumentator();
            app.MapPost(
                "{unimplementedService}/{unimplementedMethod}",
                (HttpContext context) => context.Response.ContentType = "application/grpc");
        });

        for (var i = 0; i < 50; i++)
            await app.SendAsync("POST", $"/evil.Service{i}/Method{i}");

        Assert.Equal(["POST /{unimplementedService}/{unimplementedMethod} 2xx 50"], app.Requests());
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\"} 1\nhttp_requests_total{handler=\"/evil\",method=\"GET\",status=\"2xx\"} 1e9\n")]
    [InlineData("\\")]
    [InlineData("\\\"")]
    [InlineData("\\n# EOF\n")]
    [InlineData("\n# TYPE evil gauge\nevil 1\n")]
    [InlineData("\0\u2028\u2029\u0085\ufeff")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\u202e{}# = , \ud83d\ude00")]
    public async Task A_label_value_that_a_client_chose_is_read_back_as_it_is_and_writes_no_line_of_its_own(
        string value)
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapInstrumentator();
            },
            it => it.With(config => config with { Untemplated = Untemplated.Path() }));
        app.Registry.Counter("own", "Help.", "value").With(value).Increment();

        await app.SendAsync(context => (context.Request.Method, context.Request.Path) = ("GET", $"/{value}"));
        var text = ParsedScrape.Prometheus(await ScrapeAsync(app, "text/plain"));
        var openMetrics = ParsedScrape.OpenMetrics(await ScrapeAsync(app, "application/openmetrics-text"));

        foreach (var scrape in new[] { text, openMetrics })
        {
            Assert.Equal(1, scrape.Value("own_total", ("value", value)));
            Assert.Equal(1, scrape.Value("http_requests_total", ("handler", $"/{value}")));
            Assert.Single(
                scrape.Families.SelectMany(family => family.Samples),
                sample => sample.Name == "http_requests_total");
            Assert.DoesNotContain(scrape.Families, family => family.Name == Evil);
        }
    }

    [Fact]
    public async Task Long_paths_are_labels_of_a_thousand_characters()
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapInstrumentator();
            },
            it => it.With(config => config with
            {
                Untemplated = Untemplated.Path(20),
                ExcludedHandlers = ["^/y"],
                InProgress = new() { Labels = true },
            }));
        var rest = new string('\\', 8_000);
        foreach (var letter in "abcdefghijz")
        {
            for (var i = 0; i < 3; i++)
                await SendAsync($"/{letter}{rest}{i}");
        }
        await SendAsync($"/y{rest}");

        var scrape = ParsedScrape.Prometheus(await ScrapeAsync(app, "text/plain"));
        foreach (var metric in new[] { "http_requests_total", "http_requests_inprogress" })
        {
            Assert.Equal(
                "abcdefghijz".Select(letter => $"/{letter}{rest[..1_021]}…"),
                scrape.Families.SelectMany(family => family.Samples)
                    .Where(sample => sample.Name == metric)
                    .Select(sample => sample.Labels.Single(label => label.Name == "handler").Value)
                    .Where(handler => handler.Length > 100)
                    .Order(StringComparer.Ordinal));
        }
        Assert.Equal(3, scrape.Value("http_requests_total", ("handler", $"/z{rest[..1_021]}…")));

        Task SendAsync(string path) =>
            app.SendAsync(context => (context.Request.Method, context.Request.Path) = ("GET", path));
    }

    [Fact]
    public async Task Nothing_that_a_client_sent_is_in_a_line_of_our_log()
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapInstrumentator();
            },
            it =>
                it.With(config =>
                        config with
                        {
                            Untemplated = Untemplated.Path(),
                            InProgress = new() { Labels = true },
                        })
                    .Add(Metrics.Requests(new() { Registry = it.Registry }))
                    .Add(Metrics.From(_ => throw new InvalidOperationException("mine"))));
        app.Registry.LimitSeries("http_requests_total", 1);

        for (var i = 0; i < 5; i++)
            await app.SendAsync("GET", $"/{Evil}-{i}?{Evil}");
        await app.SendAsync(Evil, $"/metrics?name[]={Evil}");

        Assert.Equal(
            ["1", "4"],
            app.Log.Of("Instrumentator").Select(line => line.Split(' ')[2]).Order(StringComparer.Ordinal));
        Assert.All(
            app.Log.Of("Instrumentator"),
            line => Assert.DoesNotContain(Evil, line, StringComparison.OrdinalIgnoreCase));
    }

    // An app's own routing may create an endpoint per request. The cached data of an endpoint is released with it.
    [Fact]
    public async Task Endpoints_of_which_each_request_has_a_new_one_do_not_stay_for_ever()
    {
        var registry = new Registry();
        var pattern = RoutePatternFactory.Parse("/items/{id}");
        var app = Build(registry, context => context.SetEndpoint(NewEndpoint(pattern)));
        var first = await SendAsync(app);

        for (var i = 0; i < 70_000; i++)
            await app(new DefaultHttpContext { Request = { Method = "GET" } });
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.False(first.IsAlive);
        Assert.Equal(70_001, registry.Value("http_requests_total", ("handler", "/items/{id}")));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> SendAsync(RequestDelegate app)
    {
        var context = new DefaultHttpContext { Request = { Method = "GET" } };
        await app(context);
        return new WeakReference(context.GetEndpoint());
    }

    private static RouteEndpoint NewEndpoint(RoutePattern pattern) =>
        new(_ => Task.CompletedTask, pattern, 0, null, null);

    private static RequestDelegate Build(Registry registry, Action<HttpContext>? answer = null)
    {
        var app = new ApplicationBuilder(new ServiceCollection().BuildServiceProvider()).UseInstrumentator(
            Instrumentation
                .Default.WithRegistry(registry)
                .With(config => config with { InProgress = new() { Labels = true } }));
        app.Run(context =>
        {
            answer?.Invoke(context);
            return Task.CompletedTask;
        });
        return app.Build();
    }

    // Sets everything that may distinguish one client from another.
    private static DefaultHttpContext Context(int i)
    {
        var context = new DefaultHttpContext { TraceIdentifier = $"{Evil}{i}" };
        context.Connection.RemoteIpAddress = new IPAddress(i);
        (context.Connection.RemotePort, context.Connection.LocalPort, context.Connection.Id) = (i, i, $"{Evil}{i}");
        var request = context.Request;
        (request.Method, request.Scheme, request.Protocol) = ("GET", $"{Evil}{i}", $"{Evil}/{i}");
        (request.Host, request.Path, request.QueryString) = (
            new HostString($"{Evil}{i}", 1 + i),
            $"/{Evil}{i}",
            new QueryString($"?{Evil}={i}"));
        foreach (
            var header in new[]
            {
                "User-Agent",
                "Referer",
                "Origin",
                "Cookie",
                "Authorization",
                "X-Forwarded-For",
                "X-Forwarded-Prefix",
                "X-HTTP-Method-Override",
                "X-Original-URL",
                "traceparent",
                "baggage",
                Evil + i,
            })
        {
            request.Headers[header] = $"{Evil}{i}";
        }

        context.Features.Get<IHttpRequestFeature>()!.RawTarget = $"{Evil}{i}";
        return context;
    }

    private static string[] Series(Registry registry) =>
        [
            .. registry
                .Scrape()
                .Families.SelectMany(family =>
                    family.Samples.Select(sample => $"{family.Definition.Name}{sample.Labels}")),
        ];

    private static async Task<string> ScrapeAsync(TestApp app, string accepted)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Accept.ParseAdd(accepted);
        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
