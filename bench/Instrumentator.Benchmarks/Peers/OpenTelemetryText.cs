using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace Instrumentator.Benchmarks;

/// <summary>Scrapes a meter provider as text with OpenTelemetry's own endpoint, its only way to text.</summary>
internal sealed class OpenTelemetryText
{
    private readonly RequestDelegate _endpoint;
    private readonly DefaultHttpContext _context = new() { Response = { Body = new MemoryStream() } };

    public OpenTelemetryText(MeterProvider provider)
    {
        _endpoint = App.Build(
            static _ => Task.CompletedTask,
            app => app.UseOpenTelemetryPrometheusScrapingEndpoint(provider, static _ => true, null, null, null));
    }

    /// <summary>Starts to observe a meter.</summary>
    public static MeterProvider Observe(string meter) =>
        Sdk.CreateMeterProviderBuilder().AddMeter(meter).AddPrometheusExporter(Configure).Build();

    /// <summary>Configures the exporter: series and labels as ours, and no cache, which would answer all scrapes but
    /// one.</summary>
    public static void Configure(PrometheusAspNetCoreOptions options)
    {
        options.TranslationStrategy = PrometheusAspNetCoreTranslationStrategy.UnderscoreEscapingWithoutSuffixes;
        options.ScopeInfoEnabled = false;
        options.TargetInfoEnabled = false;
        options.ScrapeResponseCacheDurationMilliseconds = 0;
    }

    public void Scrape()
    {
        _context.Response.Body.SetLength(0);
        _context.Response.Headers.Clear();
        // It collects on the thread pool.
        _endpoint(_context).GetAwaiter().GetResult();
        if (_context.Response.StatusCode != StatusCodes.Status200OK)
            throw new InvalidOperationException("A scrape to memory failed.");
    }

    /// <summary>Returns the sample lines of a scrape. The exporter writes empty braces; other libraries do
    /// not.</summary>
    public string[] Samples()
    {
        Scrape();
        _context.Response.Body.Position = 0;
        using var text = new StreamReader(_context.Response.Body, leaveOpen: true);
        return SampleLines.Of(text.ReadToEnd().Replace("{} ", " "));
    }
}
