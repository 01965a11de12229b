using System.Text;
using Microsoft.AspNetCore.Mvc;

namespace Instrumentator.Tests;

/// <summary>The same requests give the same scrape for every kind of app and every kind of registry: see
/// tests/Contract.</summary>
/// <param name="create">Creates the registry.</param>
public abstract class AdapterContract(Func<Registry> create)
{
    private static readonly Dictionary<string, Action<WebApplication>> _apps = new(StringComparer.Ordinal)
    {
        ["minimal APIs"] = MinimalApis,
        ["minimal APIs, routed later"] = app => MinimalApis((WebApplication)app.UseRouting()),
        ["controllers"] = app => app.MapControllers(),
        ["request delegates"] = RequestDelegates,
    };

    public static TheoryData<string> Names => [.. _apps.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_adapter_gives_the_same_scrape(string name)
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapInstrumentator();
                _apps[name](app);
            },
            change: it => it.WithRegistry(create()),
            services: builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(new QuarterSeconds());
                builder.Services.AddControllers().AddApplicationPart(typeof(ContractController).Assembly);
            });

        foreach (var line in await ReadLinesAsync("requests.txt"))
            await SendAsync(app, line.Split(' '));

        var scrape = await app.Client.GetStringAsync(
            new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(string.Join('\n', await ReadLinesAsync("scrape.txt")) + "\n", scrape);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_adapter_supports_labels_with_an_allow_list(string name)
    {
        ValueList<RequestLabel> labels =
        [
            RequestLabel.Header("X-Tenant", ["acme"]),
            RequestLabel.From("query", request => request.HttpContext().Request.QueryString.Value, ["?a=1"], ""),
        ];
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                _apps[name](app);
            },
            change: it => it
                .WithRegistry(create())
                .WithDefaultMetrics(new() { ExtraRequestLabels = labels })
                .With(config => config with { InProgress = new() { RequestLabels = labels } }),
            services: builder => builder.Services
                .AddControllers()
                .AddApplicationPart(typeof(ContractController).Assembly));

        foreach (var (path, tenant) in new[]
        {
            ("/ping", "acme"),
            ("/ping?a=1", "ACME"),
            ("/ping", "evil"),
            ("/nowhere?a=1", "acme"),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-Tenant", tenant } } };
            using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        }

        var registry = app.Server.Services.GetRequiredService<Instrumentation>().Registry;
        var scrape = await registry.ScrapeAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            ["/ping GET 2xx acme ", "/ping GET 2xx acme ?a=1", "/ping GET 2xx other ", "none GET 4xx acme ?a=1"],
            ValuesOf(scrape, "http_requests_total"));
        Assert.Equal(["acme ", "acme ?a=1", "other "], ValuesOf(scrape, "http_requests_inprogress"));
    }

    private static IEnumerable<string> ValuesOf(Snapshot scrape, string family) =>
        scrape.Families
            .Single(one => one.Definition.Name == family).Samples
            .Select(sample => string.Join(' ', sample.Labels.Values))
            .Order(StringComparer.Ordinal);

    private static async Task SendAsync(TestApp app, string[] parts)
    {
        using var request = new HttpRequestMessage(new HttpMethod(parts[0]), parts[1]);
        if (parts is [_, _, var size])
        {
            request.Content = new ByteArrayContent(
                new byte[int.Parse(size, System.Globalization.CultureInfo.InvariantCulture)]);
        }

        try
        {
            using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        }
        catch (InvalidOperationException e) when (e.Message == "boom")
        {
            // The test server rethrows the app's exception in the client.
        }
    }

    private static Task<string[]> ReadLinesAsync(string file) =>
        File.ReadAllLinesAsync(
            Path.Combine(AppContext.BaseDirectory, "Contract", file), TestContext.Current.CancellationToken);

    private static void MinimalApis(WebApplication app)
    {
        app.MapGet("/ping", () => Results.Text("pong"));
        app.MapGet("/items/{id:int}", (int id) => Results.Text($"item {id}"));
        app.MapPost("/items", (HttpContext context) => ReadAsync(context, StatusCodes.Status201Created));
        app.MapGroup("/sub").MapGet("/hello/{name}", (string name) => Results.Text($"hello {name}"));
        app.MapGet("/status/{code:int}", (int code) => Results.StatusCode(code));
        app.MapGet("/boom", string () => throw new InvalidOperationException("boom"));
    }

    private static void RequestDelegates(WebApplication app)
    {
        app.MapGet("/ping", context => WriteAsync(context, "pong"));
        app.MapGet("/items/{id:int}", context => WriteAsync(context, $"item {context.GetRouteValue("id")}"));
        app.MapPost("/items", context => ReadAsync(context, StatusCodes.Status201Created));
        app.MapGet("/sub/hello/{name}", context => WriteAsync(context, $"hello {context.GetRouteValue("name")}"));
        app.MapGet("/status/{code:int}", context =>
        {
            context.Response.StatusCode = int.Parse(
                (string)context.GetRouteValue("code")!, System.Globalization.CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        });
        app.MapGet("/boom", (RequestDelegate)(_ => throw new InvalidOperationException("boom")));
    }

    private static async Task ReadAsync(HttpContext context, int status)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        context.Response.StatusCode = status;
    }

    private static Task WriteAsync(HttpContext context, string text)
    {
        context.Response.ContentLength = Encoding.UTF8.GetByteCount(text);
        return context.Response.WriteAsync(text);
    }
}

/// <summary>A clock that advances by a quarter of a second at each reading.</summary>
internal sealed class QuarterSeconds : TimeProvider
{
    private long _readings;

    public override long TimestampFrequency => 4;

    public override long GetTimestamp() => Interlocked.Increment(ref _readings);
}

/// <summary>The contract's app as a controller.</summary>
public sealed class ContractController : ControllerBase
{
    [HttpGet("/ping")]
    public ContentResult Ping() => Content("pong");

    [HttpGet("/items/{id:int}")]
    public ContentResult Item(int id) => Content($"item {id}");

    [HttpPost("/items")]
    public async Task<StatusCodeResult> Create()
    {
        await Request.Body.CopyToAsync(Stream.Null, HttpContext.RequestAborted);
        return StatusCode(StatusCodes.Status201Created);
    }

    [HttpGet("/sub/hello/{name}")]
    public ContentResult Hello(string name) => Content($"hello {name}");

    [HttpGet("/status/{code:int}")]
    public StatusCodeResult Status(int code) => StatusCode(code);

    [HttpGet("/boom")]
    public IActionResult Boom() => throw new InvalidOperationException("boom");
}
