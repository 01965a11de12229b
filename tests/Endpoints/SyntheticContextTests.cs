using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator.Tests;

/// <summary>Contexts that no server made: nothing of ours throws into them.</summary>
public sealed class SyntheticContextTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_bare_context_is_measured(bool everything)
    {
        var registry = new Registry();
        var app = Build(registry, everything);

        await app(new DefaultHttpContext());

        Assert.NotNull((await registry.ScrapeAsync(TestContext.Current.CancellationToken)).Find("http_requests_total", "none", "_OTHER", "2xx"));
    }

    [Fact]
    public async Task The_endpoint_feature_is_given_back()
    {
        var context = new DefaultHttpContext();
        var endpoint = new Endpoint(null, null, "chosen late");
        var app = Build(new Registry(), everything: false, context =>
        {
            context.SetEndpoint(endpoint);
            return Task.CompletedTask;
        });

        await app(context);

        Assert.Same(endpoint, context.GetEndpoint());
        Assert.StartsWith("Microsoft.AspNetCore", context.Features.Get<IEndpointFeature>()!.GetType().FullName, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_feature_that_an_app_keeps_stays_its_own()
    {
        var kept = new List<(IEndpointFeature Feature, Endpoint Endpoint)>();
        var app = Build(new Registry(), everything: false, context =>
        {
            var endpoint = new Endpoint(null, null, $"{kept.Count}");
            kept.Add((context.Features.Get<IEndpointFeature>()!, endpoint));
            context.SetEndpoint(endpoint);
            return Task.CompletedTask;
        });

        for (var i = 0; i < 10; i++)
            await app(new DefaultHttpContext());

        Assert.All(kept, one => Assert.Same(one.Endpoint, one.Feature.Endpoint));
    }

    private static RequestDelegate Build(Registry registry, bool everything, RequestDelegate? last = null)
    {
        var instrumentation = Instrumentation.Default.WithRegistry(registry);
        if (everything)
        {
            instrumentation = instrumentation
                .With(config => config with { BodyHandlers = [""], InProgress = new() { Labels = true }, IncludePathBase = true })
                .Add(Metrics.From(info => _ = info.Request.Header("x") + info.Response.Header("y") + info.Request.Path + info.Response.Body.Length))
                .Add(Metrics.Requests(new() { Registry = registry }))
                .AddAsync(_ => default);
        }
        var pipeline = new ApplicationBuilder(new ServiceCollection().BuildServiceProvider()).UseInstrumentator(instrumentation);
        pipeline.Run(last ?? (_ => Task.CompletedTask));
        return pipeline.Build();
    }
}
