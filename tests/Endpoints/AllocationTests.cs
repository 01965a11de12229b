using Microsoft.AspNetCore.Routing.Patterns;

namespace Instrumentator.Tests;

/// <summary>What a request gains in garbage: nothing, once its labels are known.</summary>
public sealed class AllocationTests
{
    private const int Requests = 10_000;

    [Fact]
    public void The_middleware_with_the_default_metrics_allocates_nothing() => Assert.Equal(0, BytesPerRun(it => it));

    [Fact]
    public void Nor_does_it_where_requests_come_seldom() => Assert.Equal(0, BytesPerRun(it => it, clock: new FastClock()));

    [Fact]
    public void Nor_does_it_with_all_built_in_metrics_composed() => Assert.Equal(0, BytesPerRun(it => it.Add(
        Metrics.Requests(new() { Registry = it.Registry })
            .Then(Metrics.Latency(new() { Registry = it.Registry }))
            .Then(Metrics.RequestSize(new() { Registry = it.Registry }))
            .Then(Metrics.ResponseSize(new() { Registry = it.Registry }))
            .Then(Metrics.CombinedSize(new() { Registry = it.Registry })))));

    [Fact]
    public void Nor_does_it_with_the_gauge_of_running_requests() =>
        Assert.Equal(0, BytesPerRun(it => it.With(config => config with { InProgress = new InProgressOptions { Labels = true } })));

    [Fact]
    public void Nor_does_it_with_labels_by_allow_list()
    {
        ValueList<RequestLabel> labels =
            [RequestLabel.Header("X-Tenant", ["acme", "globex"]), RequestLabel.Header("X-Missing", ["a"]), RequestLabel.From("path", request => request.Path, ["/items/5"])];
        Assert.Equal(0, BytesPerRun(it => it.WithDefaultMetrics(new() { ExtraRequestLabels = labels }).With(config => config with { InProgress = new() { RequestLabels = labels } })));
    }

    // A response may begin after the request is done, so what waits for it is never used again.
    [Fact]
    public void Where_the_start_of_responses_is_read_it_allocates_one_small_object() =>
        Assert.InRange(BytesPerRun(it => it.Add(Metrics.From(info => { }))) / Requests, 1, 56);

    // The feature that the app gets to see is never used again, so it is one object a request.
    [Fact]
    public void Where_the_endpoint_is_chosen_later_it_allocates_one_small_object() =>
        Assert.InRange(BytesPerRun(it => it, chosenLater: true) / Requests, 1, 56);

    private static long BytesPerRun(Func<Instrumentation, Instrumentation> change, bool chosenLater = false, TimeProvider? clock = null)
    {
        using var services = new ServiceCollection().AddLogging().AddSingleton(clock ?? TimeProvider.System).BuildServiceProvider();
        var endpoint = new RouteEndpoint(_ => Task.CompletedTask, RoutePatternFactory.Parse("/items/{id:int}"), 0, null, "items");
        var pipeline = new ApplicationBuilder(services)
            .UseInstrumentator(change(Instrumentation.Default.WithRegistry(new Registry())));
        pipeline.Run(context =>
        {
            context.SetEndpoint(endpoint);
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
            Assert.True(app(context).IsCompletedSuccessfully);
        }
    }

    /// <summary>A tick of the system's clock is a second, so no route is ever busy.</summary>
    private sealed class FastClock : TimeProvider
    {
        public override long TimestampFrequency => 1;
    }
}
