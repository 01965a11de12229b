using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>One scrape, which waits for a complete rendering, its own or a shared one, and then sends it. A rendering
/// that fails is never a partial response; a client that is too slow to read one loses its connection.</summary>
/// <param name="context">The request.</param>
/// <param name="registry">The registry to show.</param>
/// <param name="options">The options of the endpoint.</param>
/// <param name="reader">The reader.</param>
/// <param name="clock">The clock of the app.</param>
/// <param name="log">The log of the endpoint.</param>
internal sealed class Scrape(
    HttpContext context,
    Registry registry,
    ScrapeOptions options,
    ScrapeReader reader,
    TimeProvider clock,
    ScrapeLog log)
{
    // As in the Prometheus client libraries for Python, Java and Go.
    private const string NameParameter = "name[]";

    // The number of renderings without scrapers that may go on beside those with scrapers.
    private const int MaxAbandoned = 4;

    private readonly ExpositionFormat _format = FormatOf(context.Request, options);
    private readonly ScrapeMetrics _metrics = ScrapeMetrics.Of(registry);

    public async Task AnswerAsync()
    {
        var started = clock.GetTimestamp();
        if (Join() is not { } rendering)
        {
            await RefuseAsync().ConfigureAwait(false);
            return;
        }
        try
        {
            await WaitAsync(rendering.Done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!context.RequestAborted.IsCancellationRequested)
                await AnswerAsync(rendering, started).ConfigureAwait(false);
        }
        finally
        {
            rendering.Leave();
        }
    }

    /// <summary>Responds that too many scrapes are in progress.</summary>
    public Task RefuseAsync()
    {
        _metrics.Busy.Increment();
        return ScrapeResponse.RefuseAsync(
            context, StatusCodes.Status503ServiceUnavailable, "There are too many concurrent scrapes.");
    }

    private static ExpositionFormat FormatOf(HttpRequest request, ScrapeOptions options)
    {
        var format = Accept.Choose(request.Headers.Accept);
        return options.CreatedSamples ? format.WithCreatedSamples() : format;
    }

    // Null when too many renderings are unfinished.
    private Rendering? Join()
    {
        var gzip = options.Gzip && AcceptEncoding.TakesGzip(context.Request.Headers.AcceptEncoding);

        // No other reader waits for a rendering of selected families.
        var renderer = ChosenNames() is { } names
            ? new Renderer(registry, _format, gzip, options.MaxBytes, names)
            : Renderer.Of(registry, _format, gzip, options.MaxBytes);
        return renderer.Join(clock, options.Timeout, options.MaxConcurrentScrapes + MaxAbandoned);
    }

    /// <summary>Returns the names of <c>?name[]=</c>, or null when there are none, which selects all.</summary>
    private HashSet<string>? ChosenNames()
    {
        if (!context.Request.QueryString.HasValue || context.Request.Query[NameParameter] is not { Count: > 0 } names)
            return null;
        var chosen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
            chosen.Add(name ?? "");
        return chosen;
    }

    // A reader may stop waiting; the rendering goes on for the others.
    private Task WaitAsync(Task done) =>
        done.WaitAsync(
            ScrapeTimeout.Of(context.Request.Headers[ScrapeTimeout.HeaderName], options.Timeout),
            clock,
            context.RequestAborted);

    private Task AnswerAsync(Rendering rendering, long started) => rendering switch
    {
        { Body: { } body } => SendAsync(body, started),
        { Failure: { } failure } => FailAsync(failure),
        _ => TimeOutAsync(),
    };

    private Task SendAsync(ScrapeBody body, long started)
    {
        // Record before sending: a client that has this response finds the scrape in the next one.
        _metrics.Observe(
            clock.GetElapsedTime(started), HttpMethods.IsHead(context.Request.Method) ? null : body.Length);
        return SendInTimeAsync(body);
    }

    // A client that reads nothing must not occupy a scrape forever, nor until its time is over if others need its
    // place or its memory: the connection ends.
    private async Task SendInTimeAsync(ScrapeBody body)
    {
        using var late = new CancellationTokenSource(options.Timeout, clock);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(
            late.Token, reader.Ended, context.RequestAborted);
        try
        {
            await ScrapeResponse.SendAsync(context, body, reader, _format.ContentType, options.Gzip, any.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
            when (late.IsCancellationRequested || reader.Ended.IsCancellationRequested)
        {
            _metrics.TimedOut.Increment();
            log.ReaderTooSlow(context, clock);
            context.Abort();
        }
    }

    private Task FailAsync(Exception failure)
    {
        _metrics.Failed.Increment();
        log.Failed(context, clock, failure);
        return ScrapeResponse.RefuseAsync(
            context, StatusCodes.Status500InternalServerError, "The metrics could not be rendered.");
    }

    private Task TimeOutAsync()
    {
        _metrics.TimedOut.Increment();
        log.TimedOut(context, clock);
        return ScrapeResponse.RefuseAsync(
            context, StatusCodes.Status503ServiceUnavailable, "The metrics were not rendered in time.");
    }
}
