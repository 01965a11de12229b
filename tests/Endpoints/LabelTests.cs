using Microsoft.AspNetCore.Mvc.Routing;

namespace Instrumentator.Tests;

public sealed class LabelTests
{
    [Theory]
    [InlineData("/items/{id}", "/items/5", "/items/{id}")]
    [InlineData("/items/{id:int:min(1)}", "/items/5", "/items/{id}")]
    [InlineData("items/{id:int}", "/items/5", "/items/{id}")]
    [InlineData("/optional/{id?}", "/optional", "/optional/{id}")]
    [InlineData("/default/{id=7}", "/default", "/default/{id}")]
    [InlineData("/rest/{*path}", "/rest/a/b", "/rest/{*path}")]
    [InlineData("/rest/{**path}", "/rest/a/b", "/rest/{**path}")]
    [InlineData("/files/{name}.{extension:alpha}", "/files/a.txt", "/files/{name}.{extension}")]
    [InlineData("/code/{code:regex(^\\d{{3}}$)}", "/code/123", "/code/{code}")]
    [InlineData("/slash/", "/slash", "/slash")]
    [InlineData("/slash/", "/slash/", "/slash")]
    [InlineData("slash/{id:int}/", "/slash/5/", "/slash/{id}")]
    [InlineData("/", "/", "/")]
    [InlineData("", "/", "/")]
    public async Task The_label_is_the_template_with_parameters_by_name_alone(
        string template,
        string path,
        string label)
    {
        await using var app = await StartAsync(app => app.MapGet(template, () => "x"));

        await app.SendAsync("GET", path);

        Assert.Equal([$"GET {label} 2xx 1"], app.Requests());
    }

    [Fact]
    public async Task HandlerTemplate_Raw_keeps_the_raw_template()
    {
        await using var app = await StartAsync(
            app =>
            {
                app.MapGet("/items/{id:int}", () => "x");
                app.MapGroup("/users").MapGet("/", () => "x");
            },
            config => config with { HandlerTemplate = HandlerTemplate.Raw });

        await app.SendAsync("GET", "/items/5");
        await app.SendAsync("GET", "/users");

        Assert.Equal(["GET /items/{id:int} 2xx 1", "GET /users/ 2xx 1"], app.Requests());
    }

    [Fact]
    public async Task Group_prefixes_are_part_of_the_label()
    {
        await using var app = await StartAsync(app =>
            app.MapGroup("/api/{tenant:alpha}").MapGroup("/v1").MapGet("/items/{id:int}", () => "x"));

        await app.SendAsync("GET", "/api/acme/v1/items/5");

        Assert.Equal(["GET /api/{tenant}/v1/items/{id} 2xx 1"], app.Requests());
    }

    [Theory]
    [InlineData("/users", "/")]
    [InlineData("/users", "")]
    [InlineData("/users/", "/")]
    [InlineData("users", "/")]
    public async Task The_root_of_a_group_has_the_label_of_the_group(string prefix, string template)
    {
        await using var app = await StartAsync(app =>
        {
            app.MapGroup(prefix).MapGet(template, () => "x");
            app.MapGroup("/nested").MapGroup("/{id:int}").MapGroup("").MapGet(template, () => "x");
            app.MapGroup("/").MapGet(template, () => "x");
        });

        foreach (var path in new[] { "/users", "/users/", "/nested/5", "/nested/5/", "/" })
            Assert.True((await app.SendAsync("GET", path)).IsSuccessStatusCode, path);
        await app.SendAsync("POST", "/users/");

        Assert.Equal(
            ["GET /users 2xx 2", "GET /nested/{id} 2xx 2", "GET / 2xx 1", "POST /users 4xx 1"], app.Requests());
    }

    [Fact]
    public async Task The_root_of_a_branch_has_the_label_of_the_branch_if_IncludePathBase_is_set()
    {
        await using var app = await StartAsync(
            app => app.Map(
                "/admin",
                branch => branch.UseRouting().UseEndpoints(endpoints => endpoints.MapGet("/", () => "x"))),
            config => config with { IncludePathBase = true });

        await app.SendAsync("GET", "/admin");
        await app.SendAsync("GET", "/admin/");

        Assert.Equal(["GET /admin 2xx 2"], app.Requests());
    }

    [Fact]
    public async Task Controllers_are_labeled_by_their_templates_and_conventional_ones_by_their_names()
    {
        await using var app = await StartAsync(
            app =>
            {
                app.MapControllers();
                app.MapControllerRoute("areas", "{area:exists}/{controller=Home}/{action=Index}/{id?}");
                app.MapControllerRoute("default", "{controller=Home}/{action=Index}/{id?}");
            },
            services: builder =>
                builder.Services.AddControllersWithViews().AddApplicationPart(typeof(LabelTests).Assembly));

        Assert.Equal(
            StatusCodes.Status405MethodNotAllowed,
            (int)(await app.SendAsync("DELETE", "/Conventional/OnlyGet")).StatusCode);
        foreach (
            var path in new[]
            {
                "/attributed/5",
                "/Conventional/List/7",
                "/Conventional/List",
                "/",
                "/Shop/Cart/Show",
            })
        {
            Assert.True((await app.SendAsync("GET", path)).IsSuccessStatusCode, path);
        }

        Assert.Equal(
            [
                "DELETE /Conventional/OnlyGet/{id} 4xx 1",
                "GET /attributed/{id} 2xx 1",
                "GET /Conventional/List/{id} 2xx 2",
                "GET /Home/Index/{id} 2xx 1",
                "GET /Shop/Cart/Show/{id} 2xx 1",
            ],
            app.Requests());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dynamic_and_fallback_controllers_are_labeled_like_conventional_routes(bool routingLater)
    {
        await using var app = await StartAsync(
            app =>
            {
                if (routingLater)
                    app.UseRouting();
                app.MapDynamicControllerRoute<ToAction>("dynamic/{controller}/{action}");
                app.MapFallbackToAreaController("/shop/{*path}", "Show", "Cart", "Shop");
                app.MapFallbackToController("Index", "Home");
            },
            services: builder =>
                builder
                    .Services.AddScoped<ToAction>()
                    .AddControllersWithViews()
                    .AddApplicationPart(typeof(LabelTests).Assembly));

        foreach (var path in new[] { "/dynamic/conventional/LIST", "/shop/any/thing", "/any", "/any/thing" })
            Assert.True((await app.SendAsync("GET", path)).IsSuccessStatusCode, path);

        Assert.Equal(
            ["GET /Conventional/List 2xx 1", "GET /Shop/Cart/Show 2xx 1", "GET /Home/Index 2xx 2"],
            app.Requests());
    }

    [Fact]
    public async Task Razor_pages_are_labeled_by_their_routes()
    {
        await using var app = await StartAsync(
            app => app.MapRazorPages(),
            services: builder => builder.Services.AddRazorPages().AddApplicationPart(typeof(LabelTests).Assembly));

        Assert.True((await app.SendAsync("GET", "/Hello/5")).IsSuccessStatusCode);

        Assert.Equal(["GET /Hello/{id} 2xx 1"], app.Requests());
    }

    [Theory]
    [InlineData("/base/items/5")]
    [InlineData("/items/5")]
    public async Task A_path_base_is_not_part_of_the_label(string path)
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UsePathBase("/base");
            app.UseInstrumentator();
            app.UseRouting();
            app.MapGet("/items/{id}", () => "x");
        });

        await app.SendAsync("GET", path);

        Assert.Equal(["GET /items/{id} 2xx 1"], app.Requests());
    }

    [Theory]
    [InlineData(false, "/users/{id}")]
    [InlineData(true, "/admin/users/{id}")]
    public async Task A_branch_is_part_of_the_label_if_IncludePathBase_is_set(bool includePathBase, string label)
    {
        await using var app = await StartAsync(
            app =>
                app.Map(
                    "/admin",
                    branch =>
                        branch.UseRouting().UseEndpoints(endpoints => endpoints.MapGet("/users/{id:int}", () => "x"))),
            config => config with { IncludePathBase = includePathBase });

        await app.SendAsync("GET", "/admin/users/5");
        await app.SendAsync("GET", "/ADMIN/users/6");

        Assert.Equal([$"GET {label} 2xx 2"], app.Requests());
    }

    [Fact]
    public async Task Path_bases_that_never_end_do_not_become_labels_without_end()
    {
        await using var app = await StartAsync(
            app =>
            {
                app.Use((context, next) =>
                {
                    (context.Request.PathBase, context.Request.Path) = (context.Request.Path, "/users");
                    return next(context);
                });
                app.UseRouting();
                app.MapGet("/users", () => "x");
            },
            config => config with { IncludePathBase = true });

        for (var i = 0; i < 300; i++)
            await app.SendAsync("GET", $"/tenant-{i}");

        Assert.Equal(101, app.Requests().Length);
        Assert.Contains("GET /users 2xx 200", app.Requests());
    }

    [Fact]
    public async Task A_request_that_matches_nothing_is_one_handler()
    {
        await using var app = await StartAsync(app => app.MapGet("/items", () => "x"));

        await app.SendAsync("GET", "/nowhere");
        await app.SendAsync("POST", "/no/where/else");

        Assert.Equal(["GET none 4xx 1", "POST none 4xx 1"], app.Requests());
    }

    [Fact]
    public async Task A_405_has_the_label_of_the_route_that_matches_the_path()
    {
        await using var app = await StartAsync(app =>
        {
            app.MapGet("/overlap/{any}", () => "x");
            app.MapGet("/overlap/fixed", () => "x");
            app.MapGet("/number/{n:int}", () => "x");
            app.MapPost("/body", (Body body) => body.Text);
        });

        await app.SendAsync("POST", "/overlap/fixed");
        await app.SendAsync("POST", "/overlap/other");
        await app.SendAsync("POST", "/number/x");
        await app.SendAsync("POST", "/number/5");
        await app.SendAsync("HEAD", "/number/5");
        await app.SendAsync("OPTIONS", "/number/5");
        await app.SendAsync("FOO", "/number/5");
        await app.SendAsync("FOO", "/nowhere");

        Assert.Equal(
            [
                "POST /overlap/fixed 4xx 1",
                "POST /overlap/{any} 4xx 1",
                "POST none 4xx 1",
                "POST /number/{n} 4xx 1",
                "HEAD /number/{n} 4xx 1",
                "OPTIONS /number/{n} 4xx 1",
                "_OTHER /number/{n} 4xx 1",
                "_OTHER none 4xx 1",
            ],
            app.Requests());
    }

    [Fact]
    public async Task A_405_below_a_path_base_or_a_branch_has_the_label_of_its_route()
    {
        await using var app = await StartAsync(app =>
        {
            app.Map(
                "/admin",
                branch => branch.UseRouting().UseEndpoints(endpoints => endpoints.MapPost("/users", () => "x")));
            app.UsePathBase("/base");
            app.UseRouting();
            app.MapGet("/items/{id}", () => "x");
        });

        await app.SendAsync("POST", "/base/items/1");
        await app.SendAsync("GET", "/admin/users");

        Assert.Equal(["POST /items/{id} 4xx 1", "GET /users 4xx 1"], app.Requests());
    }

    [Fact]
    public async Task A_405_has_the_label_of_the_route_for_its_host()
    {
        await using var app = await StartAsync(app =>
        {
            app.MapGet("/x", () => "a").RequireHost("a.com", "*.a.org:8080").WithHandlerLabel("a");
            app.MapGet("/{v}", () => "b").RequireHost("b.com");
            app.MapInstrumentator("/m").RequireHost("a.com");
        });

        foreach (
            var (host, path) in new[]
            {
                ("b.com", "/x"),
                ("a.com", "/x"),
                ("www.a.org:8080", "/x"),
                ("b.com", "/m"),
                ("a.com", "/m"),
            })
        {
            app.Client.DefaultRequestHeaders.Host = host;
            Assert.Equal(StatusCodes.Status405MethodNotAllowed, (int)(await app.SendAsync("POST", path)).StatusCode);
        }

        Assert.Equal(["POST /{v} 4xx 2", "POST a 4xx 2"], app.Requests());
    }

    [Fact]
    public async Task An_endpoint_without_a_route_does_not_get_the_label_of_a_route_with_the_same_path()
    {
        await using var app = await StartAsync(app =>
        {
            app.UseRouting();
            app.Use(
                (context, next) =>
                {
                    context.SetEndpoint(
                        new Endpoint(
                            answer => answer.Response.WriteAsync("mine"),
                            new EndpointMetadataCollection("mine"),
                            "mine"));
                    return next(context);
                });
            app.MapPost("/hidden", () => "x").DisableInstrumentation();
            app.MapPost("/only", () => "x");
        });

        await app.SendAsync("GET", "/hidden");
        await app.SendAsync("GET", "/only");

        Assert.Equal(["GET none 2xx 2"], app.Requests());
    }

    [Fact]
    public async Task A_custom_label_gets_no_path_base()
    {
        await using var app = await StartAsync(
            app =>
            {
                app.UsePathBase("/base");
                app.UseRouting();
                app.MapGet("/x", () => "x").WithHandlerLabel("a name");
            },
            config => config with { IncludePathBase = true });

        await app.SendAsync("GET", "/base/x");

        Assert.Equal(["GET a name 2xx 1"], app.Requests());
    }

    [Fact]
    public async Task A_415_has_the_label_of_its_route()
    {
        await using var app = await StartAsync(app =>
            app.MapPost("/body", (Body body) => body.Text).Accepts<Body>("application/json"));

        using var content = new StringContent("x", System.Text.Encoding.UTF8, "text/plain");
        var response = await app.Client.PostAsync(
            new Uri("/body", UriKind.Relative),
            content,
            TestContext.Current.CancellationToken);

        Assert.Equal(StatusCodes.Status415UnsupportedMediaType, (int)response.StatusCode);
        Assert.Equal(["POST /body 4xx 1"], app.Requests());
    }

    [Fact]
    public async Task An_endpoint_can_set_its_label_or_disable_instrumentation()
    {
        await using var app = await StartAsync(
            app =>
            {
                app.MapGet("/named", () => "x").WithHandlerLabel("a name");
                app.MapGet("/hidden", () => "x").DisableInstrumentation();
                app.MapGet("/frameworks-own", () => "x").DisableHttpMetrics();
                app.MapGet("/attributes", [DisableInstrumentation] () => "x");
                app.MapGet("/label", [HandlerLabel("by attribute")] () => "x");
                app.MapFallback(() => "x").WithHandlerLabel("spa");
            });

        foreach (var path in new[] { "/named", "/hidden", "/frameworks-own", "/attributes", "/label", "/any/thing" })
            await app.SendAsync("GET", path);

        Assert.Equal(["GET a name 2xx 1", "GET by attribute 2xx 1", "GET spa 2xx 1"], app.Requests());
    }

    [Fact]
    public async Task Metadata_without_a_label_falls_back_to_the_template_and_is_logged_once()
    {
        await using var app = await StartAsync(app =>
        {
            app.MapGet("/throws", () => "x")
                .WithMetadata(new OwnLabel(() => throw new InvalidOperationException("no label")));
            app.MapGet("/null", () => "x").WithMetadata(new OwnLabel(() => null!));
            app.MapGet("/empty", () => "x").WithMetadata(new OwnLabel(() => ""));
            app.MapGet("/fine", () => "x").WithMetadata(new OwnLabel(() => "a name"));
        });

        foreach (var path in new[] { "/throws", "/throws", "/null", "/empty", "/fine" })
            Assert.True((await app.SendAsync("GET", path)).IsSuccessStatusCode, path);
        await app.SendAsync("POST", "/throws");

        Assert.Equal(
            ["GET /throws 2xx 2", "GET /null 2xx 1", "GET /empty 2xx 1", "GET a name 2xx 1", "POST /throws 4xx 1"],
            app.Requests());
        Assert.StartsWith(
            "Instrumentator Error 5 Instrumentator.Tests.LabelTests+OwnLabel returned no handler label.",
            Assert.Single(app.Log.Of("Instrumentator")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Malformed_route_values_of_an_action_do_not_fail_the_request()
    {
        static Endpoint Of(IDictionary<string, string?> values) =>
            new(
                _ => Task.CompletedTask,
                new EndpointMetadataCollection(
                    new Microsoft.AspNetCore.Mvc.Abstractions.ActionDescriptor { RouteValues = values }),
                "own");
        Endpoint[] endpoints =
        [
            Of(
                new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["action"] = "Show",
                    ["ACTION"] = "Other",
                    ["controller"] = null,
                }),
            Of(null!),
        ];
        await using var app = await StartAsync(app =>
        {
            app.UseRouting();
            app.Use((context, next) =>
            {
                context.SetEndpoint(endpoints[context.Request.Path.Value!.Length - 2]);
                return next(context);
            });
            app.MapGet("/another", () => "x");
        });

        await app.SendAsync("GET", "/a");
        await app.SendAsync("GET", "/ab");

        Assert.Equal(["GET /Show 2xx 1", "GET none 2xx 1"], app.Requests());
    }

    [Fact]
    public async Task Exclusions_match_the_template_or_else_the_path()
    {
        await using var app = await StartAsync(
            app => app.MapGet("/items/{id}", () => "x"),
            config => config with { ExcludedHandlers = ["items", "^/secret"] });

        foreach (var path in new[] { "/items/5", "/secret/door", "/nowhere" })
            await app.SendAsync("GET", path);

        Assert.Equal(["GET none 4xx 1"], app.Requests());
    }

    [Fact]
    public async Task Untemplated_paths_are_labels_up_to_the_limit()
    {
        await using var app = await StartAsync(_ => { }, config => config with { Untemplated = Untemplated.Path(2) });

        foreach (var path in new[] { "/a?q=1", "/b", "/c", "/a", "/d" })
            await app.SendAsync("GET", path);

        Assert.Equal(["GET /a 4xx 2", "GET /b 4xx 1", "GET none 4xx 2"], app.Requests());
    }

    private static Task<TestApp> StartAsync(
        Action<WebApplication> endpoints,
        Func<Config, Config>? rules = null,
        Action<WebApplicationBuilder>? services = null
    ) =>
        TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                endpoints(app);
            },
            it => it.With(rules ?? (config => config)),
            services);

    private sealed record Body(string Text);

    private sealed class OwnLabel(Func<string> label) : IHandlerLabelMetadata
    {
        public string HandlerLabel => label();
    }

    private sealed class ToAction : DynamicRouteValueTransformer
    {
        public override ValueTask<RouteValueDictionary> TransformAsync(
            HttpContext httpContext,
            RouteValueDictionary values
        ) => new(values);
    }
}
