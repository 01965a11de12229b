using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Instrumentator;

/// <summary>A live page: its history, from the start of the app on, and its two responses.</summary>
/// <remarks>Safe for use by many threads.</remarks>
internal sealed class LivePage
{
    // A page that is open asks every second; one in a hidden tab does not.
    private static readonly TimeSpan _watchedFor = TimeSpan.FromSeconds(10);

    private readonly PageOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly AppFacts _app;
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private readonly LogThrottle _failures = new();
    private readonly Lazy<LiveHistory?> _history;
    private bool _isStarted;
    private long _lastViewed = long.MinValue;

    /// <summary>Creates a page.</summary>
    /// <param name="options">The options.</param>
    /// <param name="find">Finds the instrumentation when the app starts; null if it is switched off.</param>
    /// <param name="host">The app; null if it has no host.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="logger">Its log.</param>
    /// <exception cref="InvalidConfigException">An option is invalid.</exception>
    public LivePage(
        PageOptions options, Func<Instrumentation?> find, IHostEnvironment? host, TimeProvider clock, ILogger logger)
    {
        (_options, _clock, _logger, _app) = (options.Checked(), clock, logger, AppFacts.Of(options, host));
        _history = new(() => find() is { } found ? new LiveHistory(found, options, clock) : null);
    }

    /// <summary>Begins the history, once.</summary>
    /// <param name="services">The services of the app, at whose stop it ends; null for none. It ends, too, when nobody
    /// holds the page any more.</param>
    /// <exception cref="InvalidConfigException">The instrumentation is invalid.</exception>
    public void Start(IServiceProvider? services)
    {
        if (Interlocked.Exchange(ref _isStarted, true) || _history.Value is null)
            return;
        var stopping = services?.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;

        // It outlives the request that may be the caller.
        using (ExecutionContext.SuppressFlow())
            _ = ReadPeriodicallyAsync(new(this), TimeSpan.FromSeconds(_history.Value.Period), _clock, stopping);
    }

    /// <summary>Answers with the page itself.</summary>
    public static async Task AnswerPageAsync(HttpContext context)
    {
        ScrapeResponse.ForbidCaching(context);
        var response = context.Response;
        response.Headers.ContentSecurityPolicy = PageDocument.ContentSecurityPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = PageDocument.Html.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(PageDocument.Html, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Answers with what is new to a viewer.</summary>
    public Task AnswerDataAsync(HttpContext context)
    {
        ScrapeResponse.ForbidCaching(context);
        context.Response.Headers.XContentTypeOptions = "nosniff";
        Interlocked.Exchange(ref _lastViewed, _clock.GetTimestamp());
        context.Response.ContentType = "application/json";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : WriteDataAsync(context);
    }

    private static async Task ReadPeriodicallyAsync(
        WeakReference<LivePage> page, TimeSpan period, TimeProvider clock, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(period, clock);
        try
        {
            while (await ReadAsync(page, stopping).ConfigureAwait(false))
                await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The app stops.
        }
    }

    private static async Task<bool> ReadAsync(WeakReference<LivePage> page, CancellationToken stopping)
    {
        if (!page.TryGetTarget(out var live))
            return false;
        try
        {
            await live._history.Value!.ReadAsync(live.IsWatched, stopping).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The registry may be another library's. The next reading may succeed.
        catch (Exception e) when (!stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (live._failures.TryPass(live._clock, out var notLogged))
                Log.PageReadingFailed(live._logger, notLogged, e);
        }
        return true;
    }

    private bool IsWatched =>
        Interlocked.Read(ref _lastViewed) is > long.MinValue and var last && _clock.GetElapsedTime(last) < _watchedFor;

    private async Task WriteDataAsync(HttpContext context)
    {
        using var data = new LiveData(context.Response.BodyWriter, _app, _run, _clock, context.RequestAborted);
        await (_history.Value is { } history
            ? data.WriteAsync(history, _options, KnownOf(context.Request.Query).In(_run))
            : data.WriteOffAsync()).ConfigureAwait(false);
    }

    // The page sends only numbers. In place of anything else, the viewer gets everything.
    private static Known KnownOf(IQueryCollection query) => new(
        query["run"],
        (int)Math.Clamp(NumberOf(query["names"]) ?? 0, 0, int.MaxValue),
        window => query.ContainsKey(window.Name) ? NumberOf(query[window.Name]) ?? -1 : null);

    private static long? NumberOf(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
