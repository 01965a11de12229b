using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Instrumentator.Browser;

/// <summary>An instrumented app with a live page, on Kestrel and a free port, with its own registry and a clock that a
/// test advances.</summary>
internal sealed class PageApp : IAsyncDisposable
{
    private readonly PageAppSetup _setup;
    private readonly ConcurrentDictionary<string, HeldRequest> _held = new(StringComparer.Ordinal);
    private WebApplication _app = null!;
    private TaskCompletionSource? _data;
    private int _sent;
    private int _open;
    private int _answered;

    private PageApp(PageAppSetup setup) => (_setup, Clock) = (setup, new(setup.Start));

    public FakeTimeProvider Clock { get; }

    /// <summary>The registry; a new one after each start.</summary>
    public Registry Registry { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    /// <summary>The address of the live page.</summary>
    public Uri Page => new(Client.BaseAddress!, $"{_setup.PathBase}{_setup.PagePath}");

    /// <summary>Whether all connections are cut as soon as a request comes.</summary>
    public bool IsCut { get; set; }

    /// <summary>The status of all answers for the page and its data; null for the right answer.</summary>
    public int? Refusal { get; set; }

    /// <summary>The paths of all requests that neither a test sent, nor the page should.</summary>
    public ConcurrentQueue<string> StrayRequests { get; } = new();

    /// <summary>Answers no request for data until <see cref="ReleaseData"/>.</summary>
    public void HoldData() => _data = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ReleaseData() => _data?.TrySetResult();

    public static async Task<PageApp> StartAsync(PageAppSetup setup)
    {
        var app = new PageApp(setup);
        await app.StartAsync(port: 0);
        return app;
    }

    /// <summary>Ends the app; its port stays closed.</summary>
    public async Task StopAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    /// <summary>Starts the app again after <see cref="StopAsync"/>, on its port, with nothing recorded.</summary>
    public Task StartAgainAsync() => StartAsync(Client.BaseAddress!.Port);

    /// <summary>Sends requests one after the other, until all are recorded.</summary>
    public async Task SendAsync(Traffic traffic)
    {
        for (var i = 0; i < traffic.Times; i++)
        {
            using var message = traffic.ToMessage(_setup.PathBase);
            _sent++;
            using var response = await Client.SendAsync(message, TestContext.Current.CancellationToken);
        }
        await RecordedAsync();
    }

    /// <summary>Sends a request that stays in progress until the result is disposed of.</summary>
    public async Task<HeldRequest> HoldAsync(Traffic traffic)
    {
        var held = new HeldRequest(Client);
        var id = _held.Count.ToString(CultureInfo.InvariantCulture);
        _held[id] = held;
        _sent++;
        _open++;
        await held.SendAsync((traffic with { Held = id }).ToMessage(_setup.PathBase));
        return held;
    }

    /// <summary>Lets the app answer a held request, until it is recorded.</summary>
    public async Task ReleaseAsync(HeldRequest held)
    {
        await held.DisposeAsync();
        _open--;
        await RecordedAsync();
    }

    /// <summary>Lets the current second end, and then further ones, one at a time, so that the history of the page gets
    /// each of them.</summary>
    public void Pass(int seconds = 1)
    {
        for (var i = 0; i < seconds; i++)
        {
            var passed = TimeSpan.FromTicks((Clock.GetUtcNow() - Clock.Start).Ticks % TimeSpan.TicksPerSecond);
            Clock.Advance(TimeSpan.FromSeconds(1) - passed);
        }
    }

    public async ValueTask DisposeAsync()
    {
        ReleaseData();
        foreach (var held in _held.Values)
            await held.DisposeAsync();
        await StopAsync();
        Client.Dispose();
    }

    private async Task StartAsync(int port)
    {
        Registry = new Registry();
        _setup.Own(Registry);
        var builder = WebApplication.CreateSlimBuilder([$"--urls=http://127.0.0.1:{port}"]);
        builder.Logging.ClearProviders();
        builder.Services.AddRouting().AddSingleton<TimeProvider>(Clock);
        builder.Services.AddInstrumentator(_setup.Instrumentation(Registry));
        _app = builder.Build();
        Map(_app);
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Client ??= new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    private void Map(WebApplication app)
    {
        if (_setup.PathBase.Length > 0)
            app.UsePathBase(_setup.PathBase);
        app.Use(CountAsync);
        app.UseRouting();
        app.UseInstrumentator();
        app.MapInstrumentatorPage(_setup.PagePath, _setup.Options).AllowAnonymous();
        foreach (var route in _setup.Routes)
            app.Map(route, AnswerAsync);
        _setup.Map(app);
    }

    // A client has its answer a few microseconds before the request is recorded.
    private async Task RecordedAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Volatile.Read(ref _answered) < _sent - _open)
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
        Assert.Equal(_sent - _open, _answered);
    }

    // Outermost, so that a request that it has counted is recorded.
    private async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Headers.ContainsKey(Traffic.Mark) && !IsOfPage(context.Request))
            StrayRequests.Enqueue($"stray request: {context.Request.Method} {context.Request.Path}");
        if (IsCut)
        {
            context.Abort();
            return;
        }
        if (Refusal is { } status && context.Request.Path.StartsWithSegments(_setup.PagePath))
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/login";
            return;
        }
        if (_data is { } held && context.Request.Path.StartsWithSegments($"{_setup.PagePath}/data"))
            await held.Task;
        try
        {
            await next(context);
        }
        finally
        {
            if (context.Request.Headers.ContainsKey(Traffic.Mark))
                Interlocked.Increment(ref _answered);
        }
    }

    private bool IsOfPage(HttpRequest request) =>
        request.Method == "GET"
        && (request.Path.Value?.TrimEnd('/') == _setup.PagePath || request.Path == $"{_setup.PagePath}/data");

    private async Task AnswerAsync(HttpContext context)
    {
        var wish = Traffic.Of(context.Request);
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        Clock.Advance(TimeSpan.FromSeconds(wish.Seconds));
        context.Response.StatusCode = wish.Status;
        if (wish.Held is { } id)
        {
            await _held[id].AnswerAsync(context, wish.IsStream);
            return;
        }
        context.Response.ContentLength = wish.ResponseBytes;
        await context.Response.Body.WriteAsync(new byte[wish.ResponseBytes], context.RequestAborted);
    }
}
