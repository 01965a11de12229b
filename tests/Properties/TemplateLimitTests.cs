using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator.Properties;

/// <summary>Path bases come from clients, and the templates that handlers report come from code. If they contained
/// client input, a limit would bound their number. The limits hold for all apps of a registry together.</summary>
public class TemplateLimitTests
{
    [Fact]
    public void Templates_that_handlers_tell_without_end_are_remembered_up_to_a_limit_and_then_grouped()
    {
        const int Most = 10_000;
        var registry = new Registry();
        var (routes, later) = (New(registry), New(registry));

        var handlers = Enumerable.Range(0, Most + 100)
            .Select(i => routes.Find($"/{i}", PathString.Empty).Handler)
            .ToArray();

        Assert.Equal(Most + 1, handlers.Distinct(StringComparer.Ordinal).Count());
        Assert.All(handlers[Most..], handler => Assert.Equal("none", handler));
        Assert.Equal("/5", routes.Find("/5", PathString.Empty).Handler);
        Assert.Equal(
            ("/5", "none"),
            (later.Find("/5", PathString.Empty).Handler, later.Find("/later", PathString.Empty).Handler));
    }

    [Fact]
    public void A_hundred_path_bases_are_labels_in_a_registry_and_keep_them()
    {
        var registry = new Registry();
        var endpoint = EndpointOf("/users/{id}");
        var handlers = Enumerable.Range(0, 4).SelectMany(host =>
        {
            var routes = New(registry);
            return Enumerable.Range(host * 40, 40).SelectMany(i => (string[])
            [
                routes.Find(endpoint, $"/Base{i}")!.Handler,
                routes.Find("/told", $"/base{i}").Handler,
                routes.Find(endpoint, "/base7")!.Handler,
            ]);
        });

        Assert.Equal(
            Enumerable.Range(0, 100)
                .SelectMany(i => (string[])[$"/base{i}/users/{{id}}", $"/base{i}/told"])
                .Concat(["/users/{id}", "/told"])
                .Order(StringComparer.Ordinal),
            handlers.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Path_bases_and_routes_have_one_limit_in_a_registry()
    {
        const int Most = 10_000;
        var registry = new Registry();
        var endpoints = Enumerable.Range(0, 130).Select(i => EndpointOf($"/r{i}")).ToArray();
        var (first, later) = (New(registry), New(registry));

        var handlers = All(first).ToArray();

        Assert.Equal(Most, handlers.Count(handler => handler.StartsWith("/base", StringComparison.Ordinal)));
        Assert.All(handlers[Most..], handler => Assert.Matches("^/r[0-9]+$", handler));
        Assert.Equal(handlers, All(first));
        Assert.Equal(handlers, All(later));
        Assert.Equal("/base0/r0", first.Find(EndpointOf("/r0"), "/base0")!.Handler);

        IEnumerable<string> All(EndpointRoutes routes) =>
            from pathBase in Enumerable.Range(0, 100)
            from endpoint in endpoints
            select routes.Find(endpoint, $"/base{pathBase}")!.Handler;
    }

    [Fact]
    public void Long_path_bases_and_templates_are_cut()
    {
        var routes = New(new Registry());
        var text = "/" + new string('x', 8_000);

        var handlers = Enumerable.Range(0, 10).SelectMany(i => (string[])
        [
            routes.Find(EndpointOf("/users"), text + i)!.Handler,
            routes.Find(text + i, PathString.Empty).Handler,
            routes.Find(text + i, text + i).Handler,
        ]);

        Assert.Equal([$"{text[..1_023]}…"], handlers.Distinct(StringComparer.Ordinal));
    }

    private static EndpointRoutes New(Registry registry)
    {
        var services = new ServiceCollection().BuildServiceProvider();
        var instrumentation = Instrumentation.Default.WithRegistry(registry)
            .With(config => config with { IncludePathBase = true });
        return new EndpointRoutes(
            new Recorder(instrumentation, (_, _) => { }),
            new RejectedRoutes(services),
            new LongLivedEndpoints(services),
            (_, _) => { });
    }

    private static RouteEndpoint EndpointOf(string template) =>
        new(_ => Task.CompletedTask, RoutePatternFactory.Parse(template), 0, null, null);
}
