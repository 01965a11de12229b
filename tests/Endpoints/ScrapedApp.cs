using Microsoft.Extensions.Time.Testing;

namespace Instrumentator.Tests;

/// <summary>An app whose scrapes wait: for a collector that a test finishes, or for a clock that a test
/// advances.</summary>
internal sealed class ScrapedApp : IAsyncDisposable
{
    private TestApp _app = null!;
    private int _waiting;
    private int _done;

    public FakeTimeProvider Clock { get; } = new();

    public HeldCollector Source { get; } = new();

    public LogLines Log => _app.Log;

    public Registry Registry => _app.Registry;

    public static async Task<ScrapedApp> StartAsync(ScrapeOptions? options = null, IMetricCollector? source = null)
    {
        var scraped = new ScrapedApp();
        scraped._app = await TestApp.StartAsync(
            app =>
            {
                app.Use((context, next) => scraped.CountAsync(next(context)));
                app.MapInstrumentator(options: options);
            },
            services: builder => builder.Services.AddSingleton<TimeProvider>(scraped.Clock));
        scraped.Registry.Include(source ?? scraped.Source);
        return scraped;
    }

    /// <summary>Begins a scrape, which then waits, or is done already.</summary>
    public async Task<Task<HttpResponseMessage>> BeginAsync(
        CancellationTokenSource? away,
        params (string Name, string? Value)[] headers)
    {
        var before = Volatile.Read(ref _waiting);
        var sending = SendAsync("GET", away, headers);
        await Eventually.Holds(() => Volatile.Read(ref _waiting) > before, () => "The scrape did not arrive.");
        return sending;
    }

    public Task<Task<HttpResponseMessage>> BeginAsync(params (string Name, string? Value)[] headers) =>
        BeginAsync(null, headers);

    public async Task<HttpResponseMessage> SendAsync(
        string method,
        CancellationTokenSource? away = null,
        params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/metrics");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            away?.Token ?? default,
            TestContext.Current.CancellationToken);
        return await _app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
    }

    /// <summary>Waits until the source was looked at so often.</summary>
    public Task LooksAsync(int count) =>
        Eventually.Holds(() => Source.Count == count, () => $"The source was looked at {Source.Count} times.");

    /// <summary>Waits until so many scrapes are done with, whatever became of them.</summary>
    public Task DoneAsync(int count) =>
        Eventually.Holds(() => Volatile.Read(ref _done) >= count, () => $"{_done} scrapes are done with.");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // The synchronous part of the endpoint has run once it returns its task: the scrape has joined a rendering.
    private async Task CountAsync(Task scrape)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await scrape;
        }
        finally
        {
            Interlocked.Increment(ref _done);
        }
    }
}
