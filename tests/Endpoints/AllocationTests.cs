using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.StaticAssets;

namespace Instrumentator.Tests;

/// <summary>Allocations per request: none on the direct path, and one object if the request is tracked.</summary>
public sealed class AllocationTests
{
    private const int Requests = 10_000;
    private const int LargestObject = 200;

    [Fact]
    public void The_middleware_with_the_default_metrics_allocates_nothing() => Assert.Equal(0, BytesPerRun(it => it));

    [Fact]
    public void Nor_does_it_where_requests_come_seldom() =>
        Assert.Equal(0, BytesPerRun(it => it, clock: new FastClock()));

    [Fact]
    public void Static_assets_allocate_nothing() => Assert.Equal(0, BytesPerRun(
        it => it, metadata: new StaticAssetDescriptor { Route = "items/5", AssetPath = "items/5" }));

    [Fact]
    public void All_built_in_metrics_composed_allocate_nothing() => Assert.Equal(0, BytesPerRun(it => it.Add(
        Metrics.Requests(new() { Registry = it.Registry })
            .Then(Metrics.Latency(new() { Registry = it.Registry }))
            .Then(Metrics.RequestSize(new() { Registry = it.Registry }))
            .Then(Metrics.ResponseSize(new() { Registry = it.Registry }))
            .Then(Metrics.CombinedSize(new() { Registry = it.Registry })))));

    [Fact]
    public void Labels_by_allow_list_allocate_nothing() =>
        Assert.Equal(0, BytesPerRun(it => it.WithDefaultMetrics(new() { ExtraRequestLabels = Listed })));

    [Fact]
    public void Alternating_status_codes_allocate_nothing() =>
        Assert.Equal(0, BytesPerRun(it => it, statuses: [200, 404, 500]));

    [Fact]
    public void The_in_progress_gauge_allocates_one_object() =>
        AssertOneObject(BytesPerRun(it => it.With(config => config with { InProgress = new() { Labels = true } })));

    [Fact]
    public void The_in_progress_gauge_with_labels_by_allow_list_allocates_one_object() =>
        AssertOneObject(BytesPerRun(it => it.With(
            config => config with { InProgress = new() { RequestLabels = Listed } })));

    [Fact]
    public void Reading_the_start_of_responses_allocates_one_object() =>
        AssertOneObject(BytesPerRun(it => it.Add(Metrics.From(info => { }))));

    [Fact]
    public void Where_the_endpoint_is_chosen_later_it_allocates_one_object() =>
        AssertOneObject(BytesPerRun(it => it, chosenLater: true));

    private static ValueList<RequestLabel> Listed =>
    [
        RequestLabel.Header("X-Tenant", ["acme", "globex"]),
        RequestLabel.Header("X-Missing", ["a"]),
        RequestLabel.From("path", request => request.Path, ["/items/5"]),
    ];

    private static void AssertOneObject(long bytes) => Assert.InRange(bytes / Requests, 1, LargestObject);

    private static long BytesPerRun(
        Func<Instrumentation, Instrumentation> change,
        bool chosenLater = false,
        TimeProvider? clock = null,
        int[]? statuses = null,
        object? metadata = null)
    {
        using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(clock ?? TimeProvider.System)
            .BuildServiceProvider();
        var endpoint = new RouteEndpoint(
            _ => Task.CompletedTask,
            RoutePatternFactory.Parse("/items/{id:int}"),
            0,
            metadata is null ? null : new(metadata),
            "items");
        var pipeline = new ApplicationBuilder(services).UseInstrumentator(
            change(Instrumentation.Default.WithRegistry(new Registry())));
        var turn = 0;
        pipeline.Run(context =>
        {
            context.SetEndpoint(endpoint);
            if (statuses is not null)
                context.Response.StatusCode = statuses[turn++ % statuses.Length];
            return Task.CompletedTask;
        });
        var app = pipeline.Build();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Method = "GET";
        context.Request.Path = "/items/5";
        context.Request.Headers["X-Tenant"] = " ACME ";
        context.Request.ContentLength = 3;
        context.Response.ContentLength = 5;
        context.SetEndpoint(endpoint);

        Run(app, context, chosenLater);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(app, context, chosenLater);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Run(RequestDelegate app, HttpContext context, bool chosenLater)
    {
        for (var i = 0; i < Requests; i++)
        {
            if (chosenLater)
                context.SetEndpoint(null);
            context.Response.StatusCode = StatusCodes.Status200OK;
            Assert.True(app(context).IsCompletedSuccessfully);
        }
    }

    /// <summary>A clock that counts each tick of the system clock as a second, so no route is ever busy.</summary>
    private sealed class FastClock : TimeProvider
    {
        public override long TimestampFrequency => 1;
    }
}
