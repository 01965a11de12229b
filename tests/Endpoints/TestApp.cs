using Instrumentator.Shared;
using Microsoft.AspNetCore.TestHost;

namespace Instrumentator.Tests;

/// <summary>An in-memory app with its own registry, and access to its recorded series.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestApp(WebApplication app, Registry registry, LogLines log) =>
        (_app, Registry, Log, Client) = (app, registry, log, app.GetTestClient());

    public Registry Registry { get; }

    public LogLines Log { get; }

    public HttpClient Client { get; }

    public TestServer Server => _app.GetTestServer();

    /// <summary>Starts an app with the given pipeline, and defaults for everything else.</summary>
    public static async Task<TestApp> StartAsync(
        Action<WebApplication> configure,
        Func<Instrumentation, Instrumentation>? change = null,
        Action<WebApplicationBuilder>? services = null)
    {
        var registry = new Registry();
        var log = new LogLines();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddProvider(log);
        builder
            .Services.AddRouting()
            .AddInstrumentator((change ?? (it => it))(Instrumentation.Default.WithRegistry(registry)));
        services?.Invoke(builder);
        var app = builder.Build();
        configure(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestApp(app, registry, log);
    }

    public async Task<HttpResponseMessage> SendAsync(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// Sends what no client of .NET would send, and reads the answer to its end, which comes after the request is
    /// recorded.
    /// The server answers as soon as a response starts.
    /// </summary>
    public async Task SendAsync(Action<HttpContext> configure)
    {
        var context = await Server.SendAsync(configure, TestContext.Current.CancellationToken);
        await context.Response.Body.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a request and ignores an exception; returns null if there was one.</summary>
    public async Task<HttpResponseMessage?> TrySendAsync(string method, string path)
    {
        try
        {
            return await SendAsync(method, path);
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            return null;
        }
    }

    /// <summary>What <c>http_requests_total</c> holds, a line a series: <c>GET /items/{id} 2xx 3</c>.</summary>
    public string[] Requests() =>
        Series(
            "http_requests_total",
            labels => $"{Value(labels, "method")} {Value(labels, "handler")} {Value(labels, "status")}");

    /// <summary>Returns the values of a family, one line per series.</summary>
    public string[] Series(string family, Func<LabelSet, string>? describe = null) =>
        Series(Registry, family, describe);

    /// <summary>Returns the values of a family in a registry, one line per series.</summary>
    public static string[] Series(Registry registry, string family, Func<LabelSet, string>? describe = null) =>
        [
            .. registry
                .Scrape()
                .Families.Where(one => one.Definition.Name == family)
                .SelectMany(one => one.Samples)
                .Select(sample =>
                    FormattableString.Invariant(
                        $"{(describe ?? (labels => labels.ToString()))(sample.Labels)} {Number(sample.Value)}")),
        ];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static string Value(LabelSet labels, string name) => labels.Values[labels.Names.ToList().IndexOf(name)];

    private static double Number(SampleValue value) => value.Match(
        counter => counter.Value, gauge => gauge.Value, histogram => histogram.Count, summary => summary.Sum);
}

/// <summary>Collects log entries, one line each: level, event ID, text.</summary>
internal sealed class LogLines() : TestLog(only: "Instrumentator")
{
    private readonly List<string> _lines = [];

    /// <summary>The line that most apps get: routing precedes the middleware.</summary>
    public const string RoutingBefore = "Instrumentator Information 15";

    /// <summary>Returns the lines that start with a text. Those of <see cref="RoutingBefore"/> must be asked
    /// for.</summary>
    public string[] Of(string category)
    {
        lock (_lines)
        {
            return
            [
                .. _lines.Where(line => line.StartsWith(category + " ", StringComparison.Ordinal)
                    && (category == RoutingBefore || !line.StartsWith(RoutingBefore, StringComparison.Ordinal))),
            ];
        }
    }

    protected override void Add(string category, LogLevel level, EventId id, string text, Exception? exception)
    {
        lock (_lines)
            _lines.Add($"{category} {level} {id.Id} {text}");
    }
}
