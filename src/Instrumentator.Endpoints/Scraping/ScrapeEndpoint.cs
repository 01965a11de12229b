using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Answers scrapes, so many at once and no more.</summary>
/// <remarks>Safe for use by many threads.</remarks>
/// <param name="options">What is shown, and how.</param>
/// <param name="find">Finds the registry, when it is first asked for; null where there is nothing to show.</param>
/// <exception cref="InvalidConfigException">A value of the options cannot work.</exception>
internal sealed class ScrapeEndpoint(ScrapeOptions options, Func<Registry?> find)
{
    private readonly ScrapeOptions _options = options.Checked();
    private readonly Lazy<Registry?> _registry = new(() => Prepare(find(), options));
    private readonly Lock _lock = new();
    private int _answering;

    /// <summary>The app starts, so its registry is known: a family with a name of the self-metrics is an error now, and not in each scrape. They are there themselves
    /// with the first scrape, at the end of whatever is included until then.</summary>
    /// <exception cref="InvalidOperationException">There is such a family; the message shows both definitions.</exception>
    public void Start()
    {
        if (_options.SelfMetrics && find() is { } registry)
            registry.Reserve(ScrapeMetrics.Definitions);
    }

    /// <summary>Answers; 404 where there is nothing to show.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        if (_registry.Value is { } registry)
            return AnswerAsync(new Scrape(context, registry, _options));
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static Registry? Prepare(Registry? registry, ScrapeOptions options) =>
        options.SelfMetrics ? registry?.Include(ScrapeMetrics.Of(registry)) : registry;

    private async Task AnswerAsync(Scrape scrape)
    {
        if (!TryEnter())
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
            Leave();
        }
    }

    private bool TryEnter()
    {
        lock (_lock)
        {
            if (_answering == _options.MaxConcurrentScrapes)
                return false;
            _answering++;
            return true;
        }
    }

    private void Leave()
    {
        lock (_lock)
            _answering--;
    }
}
