using System.Text.Json;
using Instrumentator.Shared;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Time.Testing;

namespace Instrumentator.Tests;

/// <summary>An in-memory app with a live page and a clock that a test advances.</summary>
internal sealed class LiveApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LiveApp(WebApplication app, Registry registry, FakeTimeProvider clock, LogLines log) =>
        (_app, Registry, Clock, Log, Client) = (app, registry, clock, log, app.GetTestClient());

    public Registry Registry { get; }

    public FakeTimeProvider Clock { get; }

    public LogLines Log { get; }

    public HttpClient Client { get; }

    /// <summary>Starts an app whose routes answer with the status code that a request asks for:
    /// <c>/products/{id}?status=500</c>.</summary>
    public static async Task<LiveApp> StartAsync(
        Func<Instrumentation, Instrumentation>? change = null,
        PageOptions? options = null,
        Action<WebApplication>? configure = null,
        string environment = "Development",
        Action<IServiceCollection>? services = null,
        Registry? registry = null)
    {
        registry ??= new Registry();
        var (clock, log) = (new FakeTimeProvider(), new LogLines());
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddInstrumentator((change ?? (it => it))(Instrumentation.Default.WithRegistry(registry)));
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseInstrumentator();
        (configure ?? (one => one.MapInstrumentatorPage(options: options)))(app);
        foreach (var handler in Handlers)
            app.Map($"/{handler}/{{id}}", Answer);
        app.Use((context, next) => context.GetEndpoint() is null && context.Request.Query.ContainsKey("status")
            ? Answer(context).ExecuteAsync(context)
            : next(context));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new LiveApp(app, registry, clock, log);
    }

    public static IReadOnlyList<string> Handlers { get; } = [.. Enumerable.Range(0, 8).Select(i => $"h{i}")];

    public async Task<HttpResponseMessage> SendAsync(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync("GET", path);

    /// <summary>Returns what a viewer gets for a query, all windows by default.</summary>
    public async Task<JsonElement> DataAsync(string query = "?1m=-1&5m=-1&15m=-1", string page = "/metrics-live")
    {
        using var response = await GetAsync($"{page}/data{query}");
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        var json = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return JsonDocument.Parse(json).RootElement;
    }

    /// <summary>Lets seconds pass, and waits until the last one is read.</summary>
    /// <param name="seconds">How many.</param>
    /// <param name="period">How many of them at once.</param>
    public async Task PassAsync(int seconds, int period = 1)
    {
        for (var i = 0; i < seconds; i += period)
        {
            var before = await LastSlotAsync();
            Clock.Advance(TimeSpan.FromSeconds(period));
            for (var tries = 0; await LastSlotAsync() == before; tries++)
            {
                Assert.True(tries < 2_000, "The second was not read within twenty seconds.");
                await Task.Delay(tries < 20 ? 0 : 10, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Lets seconds pass until something holds, two hundred at most. Callbacks and collectors run on threads
    /// of their own, and take real time.</summary>
    public async Task<Viewer> PassUntilAsync(Func<Viewer, bool> holds)
    {
        for (var i = 0; i < 200; i++)
        {
            await PassAsync(1);
            var viewer = await Viewer.OpenAsync(this);
            if (holds(viewer))
                return viewer;
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException("It did not come to hold within two hundred seconds of the app.");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private async Task<long> LastSlotAsync()
    {
        var slots = (await DataAsync("?1m=-1")).GetProperty("windows").GetProperty("1m").GetProperty("slots");
        return slots.GetArrayLength() == 0 ? -1 : slots[slots.GetArrayLength() - 1].GetProperty("n").GetInt64();
    }

    private static IResult Answer(HttpContext context) =>
        Results.StatusCode(int.Parse(context.Request.Query["status"].FirstOrDefault() ?? "200", null));
}

/// <summary>Collects log entries, one line each: level, event ID, text.</summary>
internal sealed class LogLines() : TestLog(only: "Instrumentator")
{
    private readonly List<string> _lines = [];

    public string[] Of(int eventId)
    {
        lock (_lines)
            return [.. _lines.Where(line => line.Contains($" {eventId} ", StringComparison.Ordinal))];
    }

    protected override void Add(string category, LogLevel level, EventId id, string text, Exception? exception)
    {
        lock (_lines)
            _lines.Add($"{level} {id.Id} {text}");
    }
}
