using System.Net.Http.Headers;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints.Infrastructure;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;

namespace Instrumentator.Tests;

/// <summary>The files of <c>MapStaticAssets</c> share one handler label; a fingerprint is never part of one.</summary>
public sealed class StaticAssetTests
{
    private const string Css = "css/site.3f2a9c.css";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_responses_of_static_assets_have_one_label(bool routingLater)
    {
        await using var app = await StartAsync(
            [Css, "js/app.77e0b1.js"],
            app =>
            {
                if (routingLater)
                    app.UseRouting();
            },
            (app, assets) => app.MapStaticAssets(assets));

        Assert.Equal(200, await app.StatusAsync(Css));
        Assert.Equal(200, await app.StatusAsync("js/app.77e0b1.js"));
        Assert.Equal(200, await app.StatusAsync(Css, headers => headers.AcceptEncoding.ParseAdd("gzip")));
        Assert.Equal(200, await app.StatusAsync(Css + ".gz"));
        Assert.Equal(206, await app.StatusAsync(Css, headers => headers.Range = new(0, 1)));
        Assert.Equal(304, await app.StatusAsync(Css, headers => headers.IfNoneMatch.Add(new($"\"{Css}\""))));
        Assert.Equal(200, await app.StatusAsync(Css, method: "HEAD"));
        Assert.Equal(405, await app.StatusAsync(Css, method: "POST"));
        Assert.Equal(404, await app.StatusAsync("css/site.000000.css"));

        Assert.Equal(
            [
                "GET none 4xx 1",
                "GET static assets 2xx 5",
                "GET static assets 3xx 1",
                "HEAD static assets 2xx 1",
                "POST static assets 4xx 1",
            ],
            app.Requests().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public async Task The_number_of_series_does_not_depend_on_the_number_of_files(int count)
    {
        string[] files = [.. Enumerable.Range(0, count).Select(i => $"js/app.{i:x6}.js")];
        await using var app = await StartAsync(files, map: (app, assets) => app.MapStaticAssets(assets));

        foreach (var file in files)
            Assert.Equal(200, await app.StatusAsync(file));

        var scrape = await app.Registry.ScrapeAsync(TestContext.Current.CancellationToken);
        Assert.All(scrape.Families, family => Assert.Single(family.Samples));
        Assert.Equal([$"GET static assets 2xx {count}"], app.Requests());
    }

    [Theory]
    [InlineData("files", HandlerTemplate.Names, "files")]
    [InlineData("files", HandlerTemplate.Raw, "files")]
    [InlineData(null, HandlerTemplate.Names, "/" + Css)]
    [InlineData(null, HandlerTemplate.Raw, Css)]
    public async Task The_label_can_be_changed_and_without_one_each_file_has_its_route(
        string? label, HandlerTemplate template, string expected)
    {
        await using var app = await StartAsync(
            [Css],
            map: (app, assets) => app.MapStaticAssets(assets),
            change: config => config with { StaticAssets = label, HandlerTemplate = template });

        await app.StatusAsync(Css);
        await app.StatusAsync(Css, method: "POST");

        Assert.Equal([$"GET {expected} 2xx 1", $"POST {expected} 4xx 1"], app.Requests());
    }

    [Fact]
    public async Task A_label_of_the_app_takes_precedence()
    {
        using var others = new PublishedAssets("js/app.77e0b1.js");
        await using var app = await StartAsync([Css, "js/app.77e0b1.js"], map: (app, assets) =>
        {
            app.MapStaticAssets(assets).WithHandlerLabel("styles");
            app.MapGroup("/scripts").WithHandlerLabel("scripts").MapStaticAssets(others.Manifest);
        });

        Assert.Equal(200, await app.StatusAsync(Css));
        Assert.Equal(200, await app.StatusAsync("scripts/js/app.77e0b1.js"));

        Assert.Equal(["GET styles 2xx 1", "GET scripts 2xx 1"], app.Requests());
    }

    [Theory]
    [InlineData("^static assets$", false)]
    [InlineData("^never$", true)]
    public async Task They_can_be_left_out(string excluded, bool disabled)
    {
        await using var app = await StartAsync(
            [Css],
            map: (app, assets) =>
            {
                var endpoints = app.MapStaticAssets(assets);
                if (disabled)
                    endpoints.DisableInstrumentation();
                app.MapGet("/css", () => "css");
            },
            change: config => config with { ExcludedHandlers = [excluded] });

        Assert.Equal(200, await app.StatusAsync(Css));
        Assert.Equal(200, await app.StatusAsync("css"));

        Assert.Equal(["GET /css 2xx 1"], app.Requests());
    }

    [Theory]
    [InlineData("static assets", "static assets")]
    [InlineData("/files", "/base/files")]
    public async Task A_path_base_is_part_of_the_label_if_it_is_a_path(string label, string expected)
    {
        await using var app = await StartAsync(
            [Css],
            app =>
            {
                app.UsePathBase("/base");
                app.UseRouting();
            },
            (app, assets) => app.MapStaticAssets(assets),
            config => config with { IncludePathBase = true, StaticAssets = label });

        Assert.Equal(200, await app.StatusAsync("base/" + Css));

        Assert.Equal([$"GET {expected} 2xx 1"], app.Requests());
    }

    [Fact]
    public async Task Groups_and_branches_share_the_label()
    {
        await using var app = await StartAsync([Css], map: (app, assets) =>
        {
            app.MapGroup("/group").MapStaticAssets(assets);
            app.Map("/branch", branch => branch.UseRouting().UseEndpoints(routes => routes.MapStaticAssets(assets)));
        });

        Assert.Equal(200, await app.StatusAsync("group/" + Css));
        Assert.Equal(200, await app.StatusAsync("branch/" + Css));

        Assert.Equal(["GET static assets 2xx 2"], app.Requests());
    }

    [Fact]
    public async Task Pages_with_static_assets_keep_their_own_labels()
    {
        await using var app = await StartAsync(
            [Css],
            app => app.UseAntiforgery(),
            (app, assets) =>
            {
                app.MapStaticAssets(assets);
                app.MapRazorPages().WithStaticAssets(assets);
                app.MapControllers().WithStaticAssets(assets);
                app.MapRazorComponents<App>().WithStaticAssets(assets);
            },
            services: services =>
            {
                services.AddRazorComponents();
                services.AddRazorPages().AddApplicationPart(typeof(StaticAssetTests).Assembly);
            });

        foreach (var path in new[] { "Hello/5", "attributed/5", "blazor", Css })
            Assert.Equal(200, await app.StatusAsync(path));

        Assert.Equal(
            [
                "GET /Hello/{id} 2xx 1",
                "GET /attributed/{id} 2xx 1",
                "GET /blazor 2xx 1",
                "GET static assets 2xx 1",
            ],
            app.Requests());
    }

    [Fact]
    public async Task The_list_of_assets_that_Blazor_serves_is_a_static_asset()
    {
        await using var app = await StartAsync(
            [Css],
            app => app.UseAntiforgery(),
            (app, assets) =>
            {
                app.MapStaticAssets(assets);
                ComponentEndpointConventionBuilderHelper.AddRenderMode(
                    app.MapRazorComponents<App>().WithStaticAssets(assets), new InteractiveWebAssemblyRenderMode());
            },
            services: services =>
            {
                services.AddRazorComponents();
                services.AddSingleton<RenderModeEndpointProvider, NoEndpoints>();
            });
        string[] lists =
        [
            .. app.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Select(endpoint => endpoint.RoutePattern.RawText!)
                .Where(route => route.Contains("resource-collection", StringComparison.Ordinal))
                .Distinct(),
        ];

        foreach (var list in lists)
            Assert.Equal(200, await app.StatusAsync(list));

        Assert.NotEmpty(lists);
        Assert.Equal([$"GET static assets 2xx {lists.Length}"], app.Requests());
    }

    [Fact]
    public async Task Files_of_UseStaticFiles_have_the_label_of_requests_without_a_route()
    {
        await using var app = await StartAsync([Css], app => app.UseStaticFiles());

        Assert.Equal(200, await app.StatusAsync(Css));

        Assert.Equal(["GET none 2xx 1"], app.Requests());
    }

    [Fact]
    public async Task Files_of_UseStaticFiles_can_have_a_label()
    {
        await using var app = await StartAsync([Css], app =>
        {
            // snippet:static-files
            var files = new Endpoint(null, new(new HandlerLabelAttribute("static files")), "Static files");
            app.UseStaticFiles(new StaticFileOptions
            {
                OnPrepareResponse = file => file.Context.SetEndpoint(files),
            });
            // endsnippet
        });

        Assert.Equal(200, await app.StatusAsync(Css));
        Assert.Equal(200, await app.StatusAsync(Css, method: "HEAD"));
        Assert.Equal(206, await app.StatusAsync(Css, headers => headers.Range = new(0, 1)));
        Assert.Equal(304, await app.StatusAsync(Css, headers => headers.IfModifiedSince = DateTimeOffset.UtcNow));
        Assert.Equal(404, await app.StatusAsync("css/missing.css"));

        Assert.Equal(
            [
                "GET static files 2xx 2",
                "HEAD static files 2xx 1",
                "GET static files 3xx 1",
                "GET none 4xx 1",
            ],
            app.Requests());
    }

    [Fact]
    public async Task Files_of_UseStaticFiles_can_be_left_out()
    {
        var unmeasured = new Endpoint(null, new(new DisableInstrumentationAttribute()), "Static files");
        await using var app = await StartAsync([Css], app => app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = file => file.Context.SetEndpoint(unmeasured),
        }));
        await using var byPath = await StartAsync(
            [Css], app => app.UseStaticFiles(), change: config => config with { ExcludedHandlers = ["^/css/"] });

        Assert.Equal(200, await app.StatusAsync(Css));
        Assert.Equal(200, await byPath.StatusAsync(Css));

        Assert.Empty(app.Requests());
        Assert.Empty(byPath.Requests());
        Assert.Empty(app.Log.Of("Instrumentator"));
        Assert.Empty(byPath.Log.Of("Instrumentator"));
    }

    private static async Task<AssetApp> StartAsync(
        string[] files,
        Action<WebApplication>? use = null,
        Action<WebApplication, string>? map = null,
        Func<Config, Config>? change = null,
        Action<IServiceCollection>? services = null)
    {
        var assets = new PublishedAssets(files);
        var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                use?.Invoke(app);
                map?.Invoke(app, assets.Manifest);
            },
            it => it.With(change ?? (config => config)),
            builder =>
            {
                assets.Serve(builder);
                services?.Invoke(builder.Services);
            });
        return new AssetApp(app, assets);
    }

    private sealed class AssetApp(TestApp app, PublishedAssets assets) : IAsyncDisposable
    {
        public Registry Registry => app.Registry;

        public LogLines Log => app.Log;

        public Microsoft.AspNetCore.TestHost.TestServer Server => app.Server;

        public string[] Requests() => app.Requests();

        public async Task<int> StatusAsync(
            string path, Action<HttpRequestHeaders>? configure = null, string method = "GET")
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            configure?.Invoke(request.Headers);
            using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
            return (int)response.StatusCode;
        }

        public async ValueTask DisposeAsync()
        {
            await app.DisposeAsync();
            assets.Dispose();
        }
    }

    public sealed class App : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, "app");
    }

    [Route("/blazor")]
    public sealed class Page : ComponentBase;

    private sealed class NoEndpoints : RenderModeEndpointProvider
    {
        public override IEnumerable<Microsoft.AspNetCore.Routing.RouteEndpointBuilder> GetEndpointBuilders(
            IComponentRenderMode renderMode, IApplicationBuilder applicationBuilder) => [];

        public override bool Supports(IComponentRenderMode renderMode) => true;
    }
}
