using System.Runtime.CompilerServices;
using Instrumentator.Testing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Instrumentator.Tests;

/// <summary>Dynamic sources replace endpoints while an app runs. Cached data does not keep them alive.</summary>
public sealed class EndpointMemoryTests
{
    private const int Endpoints = 1_000;

    // The first request of an endpoint, and some that use the cached data.
    private const int Each = 3;

    private const int MaxCollections = 20;

    [Theory]
    [InlineData("")]
    [InlineData("/base")]
    public async Task Endpoints_that_were_replaced_are_collected_while_the_app_lives_on(string pathBase)
    {
        var registry = new Registry();
        var app = Build(registry);
        for (var generation = 1; generation <= 3; generation++)
        {
            var replaced = await SendToNewEndpointsAsync(app, pathBase);
            for (var i = 0; i < MaxCollections && replaced.Exists(one => one.IsAlive); i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            Assert.DoesNotContain(replaced, one => one.IsAlive);
            var handler = $"{pathBase}/7/items/{{id}}";
            Assert.Equal(generation * Each, registry.Value("http_requests_total", ("handler", handler)));
        }
        GC.KeepAlive(app);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<List<WeakReference>> SendToNewEndpointsAsync(RequestDelegate app, string pathBase)
    {
        var endpoints = Enumerable.Range(0, Endpoints).Select(NewEndpoint).ToArray();
        foreach (var endpoint in endpoints)
        {
            for (var i = 0; i < Each; i++)
            {
                var context = new DefaultHttpContext { Request = { Method = "GET", PathBase = pathBase } };
                context.SetEndpoint(endpoint);
                await app(context);
            }
        }
        return [.. endpoints.Select(endpoint => new WeakReference(endpoint))];
    }

    private static RouteEndpoint NewEndpoint(int number) =>
        new(_ => Task.CompletedTask, RoutePatternFactory.Parse($"/{number}/items/{{id:int}}"), 0, null, null);

    private static RequestDelegate Build(Registry registry)
    {
        var instrumentation = Instrumentation.Default.WithRegistry(registry)
            .With(config => config with { IncludePathBase = true, InProgress = new() { Labels = true } });
        var app = new ApplicationBuilder(new ServiceCollection().BuildServiceProvider());
        app.UseInstrumentator(instrumentation);
        app.Run(_ => Task.CompletedTask);
        return app.Build();
    }
}
