using System.Security.Claims;

namespace Instrumentator.Tests;

/// <summary>Labels from headers and claims, by allow-list.</summary>
public sealed class ListedLabelTests
{
    [Fact]
    public async Task A_header_is_a_label_where_it_is_in_the_list()
    {
        await using var app = await StartAsync(
            [RequestLabel.Header("X-Tenant", ["acme", "globex"]).As("tenant")],
            app => app.MapGet("/x", () => "x"));

        foreach (var tenant in new[] { "acme", "ACME", " globex", "evil", "acme,evil" })
            await SendAsync(app, tenant);
        await SendAsync(app, "acme", "globex");
        await SendAsync(app);

        Assert.Equal(["/x,GET,2xx,acme 2", "/x,GET,2xx,globex 1", "/x,GET,2xx,other 4"], Lines(app));
    }

    [Fact]
    public async Task A_claim_is_a_label_where_it_is_in_the_list()
    {
        await using var app = await StartAsync(
            [
                RequestLabel.From(
                    "plan",
                    request => request.HttpContext().User.FindFirst("plan")?.Value,
                    ["free", "pro"],
                    other: ""),
            ],
            app =>
            {
                app.Use(
                    (context, next) =>
                    {
                        context.User = new ClaimsPrincipal(
                            new ClaimsIdentity([new("plan", context.Request.Headers["X-Tenant"].ToString())]));
                        return next(context);
                    });
                app.MapGet("/x", () => "x");
            });

        foreach (var plan in new[] { "free", "pro", "gold" })
            await SendAsync(app, plan);

        Assert.Equal(["/x,GET,2xx,free 1", "/x,GET,2xx,pro 1", "/x,GET,2xx, 1"], Lines(app));
    }

    [Fact]
    public async Task A_function_that_throws_yields_other_and_does_not_fail_the_request()
    {
        await using var app = await StartAsync(
            [RequestLabel.From("plan", _ => throw new InvalidOperationException("no plan"), ["free"])],
            app => app.MapGet("/x", () => "x"));

        Assert.True((await app.SendAsync("GET", "/x")).IsSuccessStatusCode);
        Assert.True((await app.SendAsync("GET", "/x")).IsSuccessStatusCode);

        Assert.Equal(["/x,GET,2xx,other 2"], Lines(app));
        Assert.Equal([" 2"], app.Series("instrumentator_metric_function_errors_total", _ => ""));
        Assert.StartsWith(
            "Instrumentator Error 1 The metric function ",
            Assert.Single(app.Log.Of("Instrumentator")),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_in_progress_gauge_keeps_the_label_value_from_the_start_of_the_request(bool routingLater)
    {
        var release = new TaskCompletionSource();
        ValueList<RequestLabel> labels = [RequestLabel.Header("X-Tenant", ["acme", "globex"])];
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                if (routingLater)
                    app.UseRouting();
                app.MapGet("/x", async (HttpContext context) =>
                {
                    context.Request.Headers["X-Tenant"] = "globex";
                    await release.Task;
                });
            },
            it => it.With(config => config with { InProgress = new() { Name = "busy", RequestLabels = labels } }));

        var held = SendAsync(app, "acme");
        await Eventually.Holds(
            () => app.Series("busy", labels => labels.Values[0]).Contains("acme 1"),
            () => string.Join("; ", app.Series("busy")));
        release.SetResult();
        await held;

        Assert.Equal(["acme 0"], app.Series("busy", labels => labels.Values[0]));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_function_runs_once_for_the_metrics_and_once_for_the_gauge(bool routingLater, bool hasGauge)
    {
        var runs = 0;
        ValueList<RequestLabel> labels =
        [
            RequestLabel.From("a", _ => $"{Interlocked.Increment(ref runs)}", ["1", "2"]),
        ];
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                if (routingLater)
                    app.UseRouting();
                app.MapGet("/x", () => "ok");
                app.MapGet("/fails", () => Results.StatusCode(500));
            },
            it => it
                .WithDefaultMetrics(new() { ExtraRequestLabels = labels })
                .Add(Metrics.Requests(new() { RequestLabels = labels, Name = "more_total" }))
                .With(config => config with
                {
                    InProgress = hasGauge
                        ? new() { RequestLabels = [RequestLabel.Handler, .. labels] }
                        : null,
                }));

        foreach (var path in new[] { "/x", "/fails", "/nowhere" })
        {
            runs = 0;
            await app.SendAsync("GET", path);
            Assert.Equal((path, hasGauge ? 2 : 1), (path, runs));
        }
    }

    [Fact]
    public void The_labels_in_the_documentation_are_valid()
    {
        var builder = WebApplication.CreateSlimBuilder();

        // snippet:labels-by-list
        builder.Services.AddInstrumentator(it =>
            it.WithDefaultMetrics(
                new()
                {
                    ExtraRequestLabels =
                    [
                        RequestLabel.Header("X-Tenant", ["acme", "globex"]).As("tenant"),
                        RequestLabel.From(
                            "plan",
                            request => request.HttpContext().User.FindFirst("plan")?.Value,
                            ["free", "pro"],
                            other: "none"),
                    ],
                }));
        // endsnippet
        using var services = builder.Services.BuildServiceProvider();
        Assert.Empty(services.GetRequiredService<Instrumentation>().Validate());
    }

    [Fact]
    public void A_view_without_a_request_says_that_it_has_none() =>
        Assert.Contains(
            "Ask request.Source first",
            Assert.Throws<InvalidOperationException>(() => default(RequestView).HttpContext()).Message,
            StringComparison.Ordinal);

    private static string[] Lines(TestApp app) =>
        app.Series("http_requests_total", labels => string.Join(',', labels.Values));

    private static Task<TestApp> StartAsync(ValueList<RequestLabel> labels, Action<WebApplication> endpoints) =>
        TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                endpoints(app);
            },
            it => it.WithDefaultMetrics(new() { ExtraRequestLabels = labels }));

    private static async Task SendAsync(TestApp app, params string[] tenants)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/x");
        if (tenants.Length > 0)
            request.Headers.TryAddWithoutValidation("X-Tenant", tenants);
        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
