using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.AspNetCore.Rewrite;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Instrumentator.EndToEnd.Edge;

/// <summary>Each row of the table of middleware in docs/edge.md: what the client gets and what is recorded, with the
/// middleware before and after <c>UseInstrumentator</c>.</summary>
public sealed class MiddlewareTests
{
    private static readonly Dictionary<string, string[]> _rows = EdgeTable.Below("## Middleware");

    private static readonly Dictionary<string, Case> _cases = new(StringComparer.Ordinal)
    {
        ["Host filtering (AllowedHosts)"] = new()
        {
            Build = builder => builder.Configuration["AllowedHosts"] = "shop.example",
            IsFirst = true,
        },
        ["HTTPS redirection"] = new()
        {
            Use = app => app.UseHttpsRedirection(),
            Build = builder => builder.Services.Configure<HttpsRedirectionOptions>(options => options.HttpsPort = 443),
        },
        ["Forwarded headers"] = new()
        {
            Use = app => app.UseForwardedHeaders(),
            Headers = { ["X-Forwarded-For"] = "192.0.2.1" },
        },
        ["Authentication: a callback, such as /signin-oidc"] = new()
        {
            Use = app => app.UseAuthentication(),
            Build = AddScheme,
            Path = "/signin",
        },
        ["Authorization: no credentials"] = new() { Use = Authorize, Build = AddScheme, Path = "/secret" },
        ["Authorization: no permission"] = new()
        {
            Use = Authorize,
            Build = AddScheme,
            Path = "/secret",
            Headers = { ["Authorization"] = "anyone" },
        },
        ["Authorization: redirect to a login page"] = new()
        {
            Use = Authorize,
            Build = builder => builder.Services.AddAuthorization().AddAuthentication("cookies").AddCookie("cookies"),
            Path = "/secret",
        },
        ["CORS preflight"] = new()
        {
            Use = app => app.UseCors(),
            Build = builder =>
                builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.AllowAnyOrigin())),
            Method = "OPTIONS",
            Headers = { ["Origin"] = "http://elsewhere", ["Access-Control-Request-Method"] = "GET" },
        },
        ["Rate limiting"] = new()
        {
            Use = app => app.UseRateLimiter(),
            Build = builder => builder.Services.AddRateLimiter(options =>
            {
                options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
                options.GlobalLimiter = System.Threading.RateLimiting.PartitionedRateLimiter
                    .Create<HttpContext, string>(_ => System.Threading.RateLimiting.RateLimitPartition
                        .GetFixedWindowLimiter("all", _ => new() { PermitLimit = 1, Window = TimeSpan.FromHours(1) }));
            }),
            WarmUp = true,
        },
        ["Request timeouts"] = new()
        {
            Use = app =>
            {
                app.UseRequestTimeouts();
                app.MapGet("/slow/{id}", (CancellationToken stop) => Task.Delay(Timeout.Infinite, stop))
                    .WithRequestTimeout(TimeSpan.FromMilliseconds(50));
            },
            Build = builder => builder.Services.AddRequestTimeouts(),
            Path = "/slow/5",
        },
        ["Response caching: a hit"] = new()
        {
            Use = app =>
            {
                app.UseResponseCaching();
                app.MapGet("/cached/{id}", (HttpResponse response) =>
                    response.Headers.CacheControl = "public,max-age=60");
            },
            Build = builder => builder.Services.AddResponseCaching(),
            Path = "/cached/5",
            WarmUp = true,
        },
        ["Output caching: a hit"] = new()
        {
            Use = app =>
            {
                app.UseOutputCache();
                app.MapGet("/cached/{id}", (string id) => id).CacheOutput();
            },
            Build = builder => builder.Services.AddOutputCache(),
            Path = "/cached/5",
            WarmUp = true,
        },
        ["Static files (UseStaticFiles)"] = new() { Use = UseFiles, Path = "/app.css" },
        ["Default files: redirect to a folder"] = new() { Use = UseFiles, Path = "/folder" },
        ["URL rewriting: a redirect"] = new()
        {
            Use = app => app.UseRewriter(new RewriteOptions().AddRedirect("^old/(.*)", "items/$1")),
            Path = "/old/5",
        },
        ["URL rewriting: a rewrite"] = new()
        {
            Use = app => app.UseRewriter(new RewriteOptions().AddRewrite("^old/(.*)", "items/$1", false)),
            Path = "/old/5",
        },
        ["WebSockets: an origin that is not allowed"] = new()
        {
            Use = app =>
            {
                var options = new WebSocketOptions();
                options.AllowedOrigins.Add("http://shop.example");
                app.UseWebSockets(options);
            },
            Headers =
            {
                ["Origin"] = "http://elsewhere",
                ["Connection"] = "Upgrade",
                ["Upgrade"] = "websocket",
                ["Sec-WebSocket-Version"] = "13",
                ["Sec-WebSocket-Key"] = "dGhlIHNhbXBsZSBub25jZQ==",
            },
        },
        ["Health checks by UseHealthChecks"] = new()
        {
            Use = app => app.UseHealthChecks("/health"),
            Build = builder => builder.Services.AddHealthChecks(),
            Path = "/health",
        },
        ["Branches by Map and MapWhen"] = new()
        {
            Use = app => app.Map("/branch", branch => branch.Run(context => context.Response.WriteAsync("branch"))),
            Path = "/branch/5",
        },
        ["Middleware of your own that does not call next"] = new()
        {
            Use = app => app.Use((HttpContext context, RequestDelegate _) =>
            {
                context.Response.StatusCode = StatusCodes.Status418ImATeapot;
                return Task.CompletedTask;
            }),
        },
        ["Routing: endpoints with ShortCircuit"] = new()
        {
            Use = app =>
            {
                app.UseRouting();
                app.MapGet("/short/{id}", (string id) => id).ShortCircuit();
            },
            Path = "/short/5",
        },
        ["Routing: MapShortCircuit"] = new()
        {
            Use = app =>
            {
                app.UseRouting();
                app.MapShortCircuit(404, "robots.txt");
            },
            Path = "/robots.txt",
        },
        ["Endpoints, if the app calls UseEndpoints"] = new()
        {
            Use = app => app.UseRouting().UseEndpoints(_ => { }),
        },
        ["Exception handler page"] = new()
        {
            Use = app =>
            {
                app.UseExceptionHandler("/error");
                Fail(app);
            },
            Path = "/throws/5",
        },
        ["Exception handler page with a status code of its own"] = new()
        {
            Use = app =>
            {
                app.UseExceptionHandler(new ExceptionHandlerOptions
                {
                    ExceptionHandlingPath = "/error",
                    StatusCodeSelector = _ => StatusCodes.Status409Conflict,
                });
                Fail(app);
            },
            Path = "/throws/5",
        },
        ["Developer exception page"] = new()
        {
            Use = app =>
            {
                app.UseDeveloperExceptionPage();
                Fail(app);
            },
            Path = "/throws/5",
        },
        ["Status code pages"] = new()
        {
            Use = app =>
            {
                app.UseStatusCodePagesWithReExecute("/error");
                Fail(app);
            },
            Path = "/nowhere",
        },
        ["Status code pages: a redirect"] = new()
        {
            Use = app =>
            {
                app.UseStatusCodePagesWithRedirects("/error");
                Fail(app);
            },
            Path = "/nowhere",
        },
        ["Request decompression: a body over the limit"] = new()
        {
            Use = app => app.UseRequestDecompression(),
            Build = builder =>
            {
                builder.Services.AddRequestDecompression();
                builder.Services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(options =>
                    options.Limits.MaxRequestBodySize = 1000);
            },
            Method = "POST",
            Path = "/upload",
            Content = Zipped,
        },
        ["Antiforgery: a form without a token"] = new()
        {
            Use = app =>
            {
                app.UseAntiforgery();
                app.MapPost("/form", (IFormCollection form) => form.Count);
            },
            Build = builder => builder.Services.AddAntiforgery(),
            Method = "POST",
            Path = "/form",
            Content = () => new FormUrlEncodedContent([]),
        },
        ["Session, compression, localization, HSTS, cookie policy"] = new()
        {
            Use = app => app
                .UseSession().UseResponseCompression().UseRequestLocalization().UseHsts().UseCookiePolicy(),
            Build = builder =>
            {
                builder.Services.AddSession().AddResponseCompression().AddLocalization();
                builder.Services.AddDistributedMemoryCache();
            },
        },
    };

    public static TheoryData<string> Rows => [.. _rows.Keys];

    [Fact]
    public void Each_row_has_a_case() => Assert.Equal(_rows.Keys, _cases.Keys);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Before_UseInstrumentator_a_request_is_recorded_as_the_table_says(string row) =>
        await CheckAsync(row, Place.Before, _rows[row][1]);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task After_UseInstrumentator_a_request_is_recorded_as_the_table_says(string row) =>
        await CheckAsync(row, _cases[row].IsFirst ? Place.AfterFilter : Place.After, _rows[row][2]);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task After_a_startup_filter_a_request_is_recorded_as_after_UseInstrumentator(string row) =>
        await CheckAsync(row, Place.AfterFilter, _rows[row][2]);

    [Fact]
    public async Task A_request_that_is_answered_before_routing_has_the_label_none()
    {
        var it = _cases["HTTPS redirection"];

        var (_, records) = await EdgeApp.RunAsync(
            app =>
            {
                it.Configure(app, Place.After);
                app.UseRouting();
            },
            it.Build,
            it.SendAsync);

        Assert.Equal(["none GET 307"], records);
    }

    private static async Task CheckAsync(string row, Place place, string handler)
    {
        var it = _cases[row];
        var ((status, before), records) = await EdgeApp.RunAsync(
            app => it.Configure(app, place),
            builder => it.Configure(builder, place),
            it.SendAsync);

        Assert.Equal(_rows[row][0], $"{status}");
        Assert.Equal(
            handler == EdgeTable.Nothing ? [] : [$"{handler} {it.Method} {status}"],
            records.Skip(before));
    }

    private static void Authorize(WebApplication app)
    {
        app.UseAuthentication().UseAuthorization();
        app.MapGet("/secret", () => "secret").RequireAuthorization(policy => policy.RequireRole("admin"));
    }

    private static void AddScheme(WebApplicationBuilder builder) => builder.Services
        .AddAuthorization()
        .AddAuthentication("test")
        .AddScheme<AuthenticationSchemeOptions, Scheme>("test", null);

    private static void UseFiles(IApplicationBuilder app)
    {
        var root = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "edge"));
        var folder = root.CreateSubdirectory("folder");
        File.WriteAllText(Path.Combine(root.FullName, "app.css"), "{}");
        File.WriteAllText(Path.Combine(folder.FullName, "index.html"), "page");
        var files = new PhysicalFileProvider(root.FullName);
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files });
    }

    private static void Fail(WebApplication app)
    {
        app.MapGet("/throws/{id}", void (string id) => throw new InvalidOperationException(id));
        app.MapGet("/error", () => "sorry");
    }

    private static ByteArrayContent Zipped()
    {
        using var zipped = new MemoryStream();
        using (var zip = new System.IO.Compression.GZipStream(zipped, System.IO.Compression.CompressionLevel.Fastest))
            zip.Write(new byte[10_000]);
        return new ByteArrayContent(zipped.ToArray()) { Headers = { ContentEncoding = { "gzip" } } };
    }

    /// <summary>Where middleware is.</summary>
    private enum Place
    {
        Before,
        After,
        AfterFilter,
    }

    /// <summary>Middleware, and a request that it answers.</summary>
    private sealed record Case
    {
        public Action<WebApplication> Use { get; init; } = _ => { };

        public Action<WebApplicationBuilder> Build { get; init; } = _ => { };

        /// <summary>Whether only a startup filter comes before it.</summary>
        public bool IsFirst { get; init; }

        public string Method { get; init; } = "GET";

        public string Path { get; init; } = "/items/5";

        public Dictionary<string, string> Headers { get; } = [];

        public Func<HttpContent?> Content { get; init; } = () => null;

        /// <summary>Whether an equal request goes before.</summary>
        public bool WarmUp { get; init; }

        public void Configure(WebApplication app, Place place)
        {
            if (place == Place.After)
                app.UseInstrumentator();
            Use(app);
            if (place == Place.Before)
                app.UseInstrumentator();
        }

        public void Configure(WebApplicationBuilder builder, Place place)
        {
            Build(builder);
            if (place == Place.AfterFilter)
                builder.Services.AddInstrumentatorStartupFilter();
        }

        /// <summary>Returns the status, and the number of records before.</summary>
        public async Task<(int Status, int Before)> SendAsync(WebApplication app, Registry registry)
        {
            var address = app.Address();
            using var client = new HttpClient(new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                MaxConnectionsPerServer = 1,
            });
            var before = 0;
            if (WarmUp)
            {
                await SendAsync(client, address);
                before = (await Shared.Poll.UntilAsync(
                    () => Task.FromResult(EdgeApp.Records(registry)),
                    records => records.Length > 0,
                    TimeSpan.FromSeconds(30))).Length;
            }
            return (await SendAsync(client, address), before);
        }

        private async Task<int> SendAsync(HttpClient client, Uri address)
        {
            using var content = Content();
            using var request = new HttpRequestMessage(new HttpMethod(Method), new Uri(address, Path))
            {
                Content = content,
            };
            foreach (var (name, value) in Headers)
                Assert.True(request.Headers.TryAddWithoutValidation(name, value));
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return (int)response.StatusCode;
        }
    }

    /// <summary>Lets everyone in who sends the header, as nobody in particular, and answers <c>/signin</c>.</summary>
    private sealed class Scheme(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder), IAuthenticationRequestHandler
    {
        public Task<bool> HandleRequestAsync()
        {
            if (Request.Path != "/signin")
                return Task.FromResult(false);
            Response.Redirect("/");
            return Task.FromResult(true);
        }

        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers.Authorization.Count == 0
                ? AuthenticateResult.NoResult()
                : AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity("test")), "test")));
    }
}
