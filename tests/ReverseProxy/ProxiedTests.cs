using Instrumentator.EndToEnd;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Instrumentator.ReverseProxyTests;

/// <summary>The records of requests that YARP forwards.</summary>
public sealed class ProxiedTests
{
    private const string Requests = "http_requests_total";

    // snippet:yarp-cluster
    private static readonly RequestLabel _cluster = RequestLabel.From(
        "cluster",
        request => request.HttpContext().Features.Get<IReverseProxyFeature>()?.Cluster.Config.ClusterId,
        ["catalog", "orders"],
        other: "none");
    // endsnippet

    [Fact]
    public async Task Without_a_recipe_the_label_is_the_path_of_the_route()
    {
        await using var shop = await StartShopAsync();
        await using var proxy = await StartProxyAsync(shop, app => app.MapReverseProxy());

        await SendAsync(proxy, "/catalog/items/5", 200);
        await SendAsync(proxy, "/nowhere", 404);

        await proxy.ExpectAsync(Requests, "/catalog/{**rest} GET 200 1", "none GET 404 1");
    }

    [Fact]
    public async Task The_id_of_a_route_is_its_label_whoever_answers()
    {
        await using var shop = await StartShopAsync();
        await using var proxy = await StartProxyAsync(
            shop,
            app =>
            {
                // snippet:yarp
                app.MapReverseProxy().ConfigureEndpoints(
                    (endpoint, route) => endpoint.WithHandlerLabel($"proxy: {route.RouteId}"));
                // endsnippet
            });

        await SendAsync(proxy, "/catalog/items/5", 200);
        await SendAsync(proxy, "/catalog/nowhere", 404);
        await SendAsync(proxy, "/slow/items/5", 504);
        await SendAsync(proxy, "/down/items/5", 502);

        await proxy.ExpectAsync(
            Requests,
            "proxy: catalog GET 200 1",
            "proxy: catalog GET 404 1",
            "proxy: slow GET 504 1",
            "proxy: down GET 502 1");
    }

    [Fact]
    public async Task New_routes_have_their_ids_as_labels()
    {
        await using var shop = await StartShopAsync();
        var config = new InMemoryConfigProvider([Route("old")], [Cluster("old", shop.Address)]);
        await using var proxy = await MeasuredApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapReverseProxy()
                    .ConfigureEndpoints((endpoint, route) => endpoint.WithHandlerLabel(route.RouteId));
            },
            services: services =>
            {
                services.AddReverseProxy();
                services.AddSingleton<IProxyConfigProvider>(config);
            });

        await SendAsync(proxy, "/old/items/5", 200);
        config.Update([Route("old"), Route("new")], [Cluster("old", shop.Address), Cluster("new", shop.Address)]);
        await SendAsync(proxy, "/old/items/5", 200);
        await SendAsync(proxy, "/new/items/5", 200);

        await proxy.ExpectAsync(Requests, "old GET 200 2", "new GET 200 1");
    }

    [Fact]
    public async Task The_cluster_is_a_label_from_a_list()
    {
        await using var shop = await StartShopAsync();
        await using var proxy = await StartProxyAsync(
            shop, app => app.MapReverseProxy(), it => it.WithDefaultMetrics(new() { ExtraRequestLabels = [_cluster] }));

        await SendAsync(proxy, "/catalog/items/5", 200);
        await SendAsync(proxy, "/nowhere", 404);

        await proxy.ExpectAsync(Requests, "/catalog/{**rest} GET 200 catalog 1", "none GET 404 none 1");
    }

    private static Task<MeasuredApp> StartShopAsync() =>
        MeasuredApp.StartAsync(app =>
        {
            app.MapGet("/{route}/items/{id}", async (string route, string id, CancellationToken stop) =>
            {
                await Task.Delay(route == "slow" ? Timeout.Infinite : 0, stop);
                return id;
            });
        });

    private static async Task<MeasuredApp> StartProxyAsync(
        MeasuredApp shop, Action<WebApplication> map, Func<Instrumentation, Instrumentation>? change = null)
    {
        var slow = new ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromMilliseconds(200) };
        return await MeasuredApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                map(app);
            },
            change,
            services => services.AddReverseProxy().LoadFromMemory(
                [Route("catalog"), Route("slow"), Route("down")],
                [
                    Cluster("catalog", shop.Address),
                    Cluster("slow", shop.Address) with { HttpRequest = slow },
                    // Nothing listens there.
                    Cluster("down", new Uri("http://127.0.0.1:1")),
                ]));
    }

    private static RouteConfig Route(string id) =>
        new() { RouteId = id, ClusterId = id, Match = new() { Path = $"/{id}/{{**rest}}" } };

    private static ClusterConfig Cluster(string id, Uri address) => new()
    {
        ClusterId = id,
        Destinations = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal)
        {
            ["only"] = new() { Address = address.AbsoluteUri },
        },
    };

    private static async Task SendAsync(MeasuredApp proxy, string path, int status)
    {
        using var response = await proxy.Client.GetAsync(
            new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
    }
}
