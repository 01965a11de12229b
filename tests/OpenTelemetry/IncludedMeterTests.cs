using System.Diagnostics.Metrics;
using Instrumentator.Shared;
using Instrumentator.Testing;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Instrumentator.OpenTelemetry.Tests;

/// <summary>The meters that a registry includes give the same scrape as OpenTelemetry's exporter, except for the
/// differences that docs/process-and-runtime.md lists.</summary>
public sealed class IncludedMeterTests
{
    private static readonly string[] _meters =
        ["System.Runtime", "System.Net.Http", "Microsoft.AspNetCore.Server.Kestrel"];

    // Only these have a UNIT line here: they are those of OpenMetrics.
    private static readonly string[] _baseUnits = ["seconds", "bytes"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Instruments_of_each_kind_name_and_unit_are_the_same_to_the_last_digit()
    {
        using var meter = new Meter("Judged.Meter");
        await using var app = await StartAsync(meter.Name);
        Create(meter);

        var (ours, theirs) = await ScrapeAsync(app);

        Assert.InRange(theirs.Length, 60, int.MaxValue);
        Assert.Equal(theirs, ours);
    }

    [Fact]
    public async Task Metrics_of_the_runtime_the_client_and_the_server_have_the_same_names_types_units_and_labels()
    {
        await using var app = await StartAsync(_meters);
        await SendAsync(app);

        // The server notices a moment later that a connection ended.
        var (ours, theirs) = await Poll.UntilAsync(
            () => ScrapeAsync(app),
            scrapes => Fixed(scrapes.Ours).SequenceEqual(Fixed(scrapes.Theirs)),
            TimeSpan.FromSeconds(20));

        Assert.All(
            ["dotnet_gc_collections_total{", "kestrel_active_connections{", "http_client_active_requests{"],
            name => Assert.Contains(theirs, line => line.StartsWith(name, StringComparison.Ordinal)));
        Assert.Equal(Fixed(theirs), Fixed(ours));
    }

    [Fact]
    public void The_service_has_the_same_labels()
    {
        const string Variable = "OTEL_RESOURCE_ATTRIBUTES";
        Environment.SetEnvironmentVariable(Variable, "deployment.environment.name=test,team=a%20b,service.version=9");
        try
        {
            var theirs = ResourceBuilder.CreateDefault()
                .AddService("shop", serviceVersion: "1.2", serviceInstanceId: "i-1")
                .Build()
                .Attributes
                .Where(attribute => !attribute.Key.StartsWith("telemetry.", StringComparison.Ordinal))
                .Select(attribute => $"{attribute.Key.Replace('.', '_')}={attribute.Value}")
                .Order(StringComparer.Ordinal);
            var ours = new Registry().IncludeTargetInfo("shop", "1.2", "i-1").Scrape().Families[0].Samples[0].Labels;

            Assert.Equal(theirs, ours.Names.Zip(ours.Values, (name, value) => $"{name}={value}"));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    private static void Create(Meter meter)
    {
        KeyValuePair<string, object?>[] tags =
            [new("http.route", "/a"), new("error.type", "x\"y"), new("9", true), new("port", 8_080), new("none", null)];
        foreach (var (name, unit) in new (string, string?)[]
        {
            ("a.duration", "s"), ("a.size", "By"), ("a.count", "{item}"), ("a.ratio", "1"), ("a.speed", "m/s"),
            ("a.rate", "{request}/s"), ("a.fill", "%"), ("a.own", "widgets"), ("a__b..c", null), ("a.ms", "ms"),
        })
        {
            meter.CreateCounter<long>($"counter.{name}", unit).Add(3, tags);
            meter.CreateUpDownCounter<int>($"updown.{name}", unit).Add(-4, tags);
            meter.CreateGauge<double>($"gauge.{name}", unit).Record(0.1, tags);
            meter.CreateObservableCounter($"seen.counter.{name}", () => new Measurement<double>(0.3, tags), unit);
            meter.CreateObservableUpDownCounter($"seen.updown.{name}", () => new Measurement<long>(5, tags), unit);
            meter.CreateObservableGauge($"seen.gauge.{name}", () => new Measurement<float>(-1.5f, tags), unit);
        }
        var advised = meter.CreateHistogram(
            "histogram.advised", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        var plain = meter.CreateHistogram<long>("histogram.plain", "By", "The size.");
        foreach (var value in new[] { 0, 1, 7, 7, 20_000 })
        {
            advised.Record(value / 10.0, tags);
            plain.Record(value, tags);
        }
    }

    private static async Task SendAsync(WebApplication app)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        foreach (var path in new[] { "/", "/nowhere", "/" })
            using (await client.GetAsync(path, Cancellation)) { }
        await Assert.ThrowsAsync<HttpRequestException>(
            () => client.GetAsync(new Uri("http://127.0.0.1:1/"), Cancellation));
    }

    private static async Task<WebApplication> StartAsync(params string[] meters)
    {
        var registry = new Registry().IncludeMeters(meters);
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(meters)
            .AddPrometheusExporter(options => options.ScrapeResponseCacheDurationMilliseconds = 0));
        var app = builder.Build();
        app.MapGet("/", () => "root");
        app.MapInstrumentator("/metrics", new() { Registry = registry });
        app.MapPrometheusScrapingEndpoint("/metrics/otel");
        await app.StartAsync(Cancellation);
        return app;
    }

    private static async Task<(string[] Ours, string[] Theirs)> ScrapeAsync(WebApplication app)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        client.DefaultRequestHeaders.Add("Accept", "application/openmetrics-text; version=1.0.0");
        await client.GetStringAsync("/metrics", Cancellation);
        return (Lines(await client.GetStringAsync("/metrics", Cancellation)),
            Lines(await client.GetStringAsync("/metrics/otel", Cancellation)));
    }

    // Families without series are ours only.
    private static string[] Lines(string text) =>
    [
        .. from family in ParsedScrape.OpenMetrics(text).Families
           where family.Name != "target"
           let samples = family.Samples
               .Where(sample => !sample.Name.EndsWith("_created", StringComparison.Ordinal))
               .Select(Line)
               .ToArray()
           where samples.Length > 0
           let unit = _baseUnits.Contains(family.Unit) ? family.Unit : null
           from line in samples.Prepend($"{family.Name} {family.Type} {unit} {family.Help}")
           orderby line
           select line,
    ];

    private static string Line(ParsedSample sample) => FormattableString.Invariant(
        $"{sample.Name}{{{string.Join(',', sample.Labels
            .Where(label => label.Name != "otel_scope_name" && label.Value.Length > 0)
            .OrderBy(label => label.Name, StringComparer.Ordinal)
            .Select(label => $"{label.Name}={label.Value}"))}}} {sample.Value}");

    // Values of the runtime and of connections change between the two scrapes, and the scrapes are requests, too.
    private static string[] Fixed(string[] lines) =>
    [
        .. lines.Select(line => line.Contains('{') && !IsOfFailedRequest(line) ? line[..line.LastIndexOf(' ')] : line),
    ];

    private static bool IsOfFailedRequest(string line) =>
        line.StartsWith("http_client_request_duration_seconds", StringComparison.Ordinal)
        && line.Contains("error_type=", StringComparison.Ordinal);
}
