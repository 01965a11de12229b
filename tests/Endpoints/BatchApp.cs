using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.TestHost;

namespace Instrumentator.Tests;

/// <summary>An app with middleware that answers a batch: it sends six requests, made of the outer one's features, down
/// the rest of the pipeline.</summary>
internal sealed class BatchApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private BatchApp(WebApplication app, HttpClient client, Registry first, Registry second) =>
        (_app, _client, First, Second) = (app, client, first, second);

    /// <summary>The registry of the app's instrumentation.</summary>
    public Registry First { get; }

    /// <summary>The registry of another one.</summary>
    public Registry Second { get; }

    /// <summary>Starts the app.</summary>
    /// <param name="features">Creates the features of a nested request.</param>
    /// <param name="isAtOnce">Whether the nested requests run at once, or in turn.</param>
    /// <param name="everything">Whether all options are on that observe a request while it runs.</param>
    /// <param name="isKestrel">Whether the server is Kestrel, or the one for tests.</param>
    /// <param name="before">Adds middleware before the batch, given another instrumentation.</param>
    /// <param name="behind">Adds middleware behind the batch, given another instrumentation.</param>
    public static async Task<BatchApp> StartAsync(
        Func<HttpContext, FeatureCollection> features,
        bool isAtOnce,
        bool everything,
        bool isKestrel,
        Action<WebApplication, Instrumentation> before,
        Action<WebApplication, Instrumentation> behind)
    {
        var (first, second) = (new Registry(), new Registry());
        var builder = WebApplication.CreateSlimBuilder();
        if (isKestrel)
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        else
            builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddInstrumentator(Over(first, everything));
        var app = builder.Build();
        before(app, Over(second, everything));
        app.UseRouting();
        app.Use((context, next) => context.Request.Path == "/$batch"
            ? AnswerAsync(context, next, features, isAtOnce)
            : next(context));
        behind(app, Over(second, everything));
        app.UseRouting();
        app.MapPost("/$batch", () => "not reached");
        app.MapGet("/items/{id}", (int id) => "ok");
        app.MapPost("/boom", async (HttpRequest request) =>
        {
            await request.Body.CopyToAsync(Stream.Null);
            throw new InvalidOperationException("boom");
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        var client = isKestrel ? new HttpClient { BaseAddress = AddressOf(app) } : app.GetTestClient();
        return new BatchApp(app, client, first, second);
    }

    /// <summary>Sends a batch, and returns the status codes of its requests.</summary>
    public async Task<string> SendAsync()
    {
        using var content = new StringContent("a batch 6");
        using var response = await _client.PostAsync(
            new Uri("/$batch", UriKind.Relative), content, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Returns the recorded requests: <c>GET /items/{id} 2xx 3</c>.</summary>
    public static string[] Requests(Registry registry) => Lines(
        registry, "http_requests_total", labels => $"{labels.Values[1]} {labels.Values[0]} {labels.Values[2]}");

    /// <summary>Returns the sums of sizes by handler.</summary>
    public static string[] Sums(Registry registry, string family) =>
        Lines(registry, family, labels => labels.Values[0]);

    public static void AssertGaugesAt0(Registry registry) =>
        Assert.All(Lines(registry, "http_requests_inprogress", _ => ""), line => Assert.Equal(" 0", line));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static Instrumentation Over(Registry registry, bool everything) =>
        Instrumentation.Default.WithRegistry(registry).With(config => everything
            ? config with
            {
                InProgress = new() { Labels = true },
                BodySizes = BodySizes.Actual,
                BodyHandlers = ["/"],
                IncludePathBase = true,
            }
            : config);

    private static Uri AddressOf(WebApplication app) => new(
        app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.First());

    private static async Task AnswerAsync(
        HttpContext outer, RequestDelegate next, Func<HttpContext, FeatureCollection> features, bool isAtOnce)
    {
        await outer.Request.Body.CopyToAsync(Stream.Null);
        Func<Task<int>>[] requests =
        [
            () => RunAsync(features(outer), next, "GET", "/items/1", ""),
            () => RunAsync(features(outer), next, "GET", "/nowhere", ""),
            () => RunAsync(features(outer), next, "POST", "/boom", "12345"),
        ];
        int[] statuses = isAtOnce
            ? await Task.WhenAll(requests.Concat(requests).Select(run => run()))
            : [.. await InTurnAsync(requests), .. await InTurnAsync(requests)];
        await outer.Response.WriteAsync(string.Join(' ', statuses));
    }

    private static async Task<int[]> InTurnAsync(Func<Task<int>>[] requests)
    {
        var statuses = new List<int>();
        foreach (var run in requests)
            statuses.Add(await run());
        return [.. statuses];
    }

    private static async Task<int> RunAsync(
        FeatureCollection features, RequestDelegate next, string method, string path, string body)
    {
        features[typeof(IItemsFeature)] = new ItemsFeature();
        features[typeof(IHttpRequestFeature)] = new HttpRequestFeature
        {
            Method = method,
            Path = path,
            Body = new MemoryStream(Encoding.UTF8.GetBytes(body)),
        };
        features[typeof(IHttpResponseFeature)] = path == "/nowhere" ? new HttpResponseFeature() : new SilentResponse();
        var context = new DefaultHttpContext(features);
        context.SetEndpoint(null);
        context.Response.Body = new MemoryStream();
        try
        {
            await Task.Yield();
            await next(context);
            return context.Response.StatusCode;
        }
        catch (InvalidOperationException)
        {
            return StatusCodes.Status500InternalServerError;
        }
    }

    /// <summary>A response that never tells when it starts or is complete.</summary>
    private sealed class SilentResponse : IHttpResponseFeature
    {
        public int StatusCode { get; set; } = StatusCodes.Status200OK;

        public string? ReasonPhrase { get; set; }

        public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

        public Stream Body { get; set; } = Stream.Null;

        public bool HasStarted => false;

        public void OnStarting(Func<object, Task> callback, object state) { }

        public void OnCompleted(Func<object, Task> callback, object state) { }
    }

    private static string[] Lines(Registry registry, string family, Func<LabelSet, string> describe) =>
        [.. TestApp.Series(registry, family, describe).Order(StringComparer.Ordinal)];
}
