using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>An endpoint that answers a limited number of scrapes at once.</summary>
/// <remarks>Safe for use by many threads.</remarks>
/// <param name="options">The options of the endpoint.</param>
/// <param name="find">Finds the registry when it is first needed; null when there is nothing to show.</param>
/// <exception cref="InvalidConfigException">An option is invalid.</exception>
internal sealed class ScrapeEndpoint(ScrapeOptions options, Func<Registry?> find)
{
    private readonly ScrapeOptions _options = options.Checked();
    private readonly Lazy<Registry?> _registry = new(() => Prepare(find(), options));
    private readonly ScrapeLog _log = new();

    /// <summary>Reserves the names of the self-metrics at start-up, when the registry is known: a family with such a
    /// name is an error now, and not in each scrape. The self-metrics appear with the first scrape, after everything
    /// that is included until then.</summary>
    /// <exception cref="InvalidOperationException">A family has such a name; the message shows both
    /// definitions.</exception>
    public void Start()
    {
        if (_options.SelfMetrics && find() is { } registry)
            registry.Reserve(ScrapeMetrics.Definitions);
    }

    /// <summary>Answers a scrape; 404 when there is nothing to show.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        ScrapeResponse.ForbidCaching(context);
        if (_registry.Value is { } registry)
            return AnswerAsync(context, registry);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static Registry? Prepare(Registry? registry, ScrapeOptions options) =>
        options.SelfMetrics ? registry?.Include(ScrapeMetrics.Of(registry)) : registry;

    private async Task AnswerAsync(HttpContext context, Registry registry)
    {
        var clock = AppClock.Of(context.RequestServices);
        var (load, reader) = (ScrapeLoad.Of(registry), new ScrapeReader(this, clock));
        var scrape = new Scrape(context, registry, _options, reader, clock, _log);
        if (!load.TryEnter(reader, _options.MaxConcurrentScrapes))
        {
            await scrape.RefuseAsync().ConfigureAwait(false);
            return;
        }
        try
        {
            await scrape.AnswerAsync().ConfigureAwait(false);
        }
        finally
        {
            load.Leave(reader);
        }
    }
}
