using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;

namespace Instrumentator.Tests;

/// <summary>An app that runs in another culture, or gives each request that of its user, has the same
/// metrics.</summary>
public sealed partial class CultureTests
{
    private const string Istanbul = "ISTANBUL";

    private static readonly string[] _formats =
    [
        "text/plain",
        "application/openmetrics-text;q=0.9,text/plain;q=0.5",
        "application/vnd.google.protobuf;q=0.25,image/png",
    ];

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("az-Latn-AZ")]
    [InlineData("ar-SA")]
    [InlineData("de-DE")]
    [InlineData("fa-IR")]
    public async Task Requests_and_scrapes_are_the_same_under_every_culture(string culture)
    {
        var expected = await RunAsync(CultureInfo.InvariantCulture);

        Assert.Equal(expected, await RunAsync(CultureInfo.GetCultureInfo(culture)));

        var text = expected[0];
        Assert.Contains(
            "http_requests_total{handler=\"/base-i/Items/{id}\",method=\"OPTIONS\",status=\"200\",city=\"istanbul\"} "
                + "1\n",
            text,
            StringComparison.Ordinal);
        Assert.Contains(
            "http_requests_total{handler=\"none\",method=\"_OTHER\",status=\"404\",city=\"other\"} 1\n",
            text,
            StringComparison.Ordinal);
        Assert.Contains(
            "http_request_duration_seconds_sum{handler=\"/base-i/Items/{id}\",method=\"OPTIONS\",city=\"istanbul\"} "
                + "1234.5\n",
            text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("admin", text, StringComparison.Ordinal);
        Assert.EndsWith("# EOF\n", expected[1], StringComparison.Ordinal);
        Assert.StartsWith("http_requests_total http_request_size_bytes ", expected[2], StringComparison.Ordinal);
    }

    private static async Task<string[]> RunAsync(CultureInfo culture)
    {
        var clock = new FakeTimeProvider();
        await using var app = await TestApp.StartAsync(
            app => Configure(app, culture, clock),
            it =>
                it.With(config =>
                        config with
                        {
                            GroupStatusCodes = false,
                            IncludePathBase = true,
                            ExcludedHandlers = ["(?i)ADMIN-I"],
                            LatencyDecimals = 2,
                            InProgress = new() { Labels = true },
                        })
                    .WithDefaultMetrics(
                        new() { ExtraRequestLabels = [RequestLabel.Header("X-City", ["istanbul"]).As("city")] }),
            builder => builder.Services.AddSingleton<TimeProvider>(clock));
        foreach (
            var (method, path) in new[]
            {
                ("options", "/BASE-I/items/1"),
                ("OPTİONS", "/nowhere"),
                ("GET", "/admin-i"),
                ("GET", "/ADMIN-I"),
            })
        {
            await SendAsync(app, method, path);
        }

        var scrapes = new List<string>();
        foreach (var format in _formats)
            scrapes.Add(await ScrapeAsync(app, format));
        return [.. scrapes];
    }

    private static void Configure(WebApplication app, CultureInfo culture, FakeTimeProvider clock)
    {
        app.Use((context, next) =>
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
            return next(context);
        });
        app.UseInstrumentator();
        app.UsePathBase("/base-i");
        app.UseRouting();
        app.MapInstrumentator(options: new() { Gzip = true });
        app.MapMethods("/Items/{id}", ["OPTIONS"], () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1_234.504));
            return "x";
        });
    }

    // A .NET client cannot send a method that is not a token, but other clients can.
    private static Task SendAsync(TestApp app, string method, string path) => app.SendAsync(context =>
    {
        (context.Request.Method, context.Request.Path) = (method, path);
        context.Request.Headers["X-City"] = path == "/nowhere" ? "İstanbul" : Istanbul;
        context.Request.Headers.ContentLength = 1_500;
    });

    private static async Task<string> ScrapeAsync(TestApp app, string accepted)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        Assert.True(request.Headers.TryAddWithoutValidation("Accept", accepted));
        Assert.True(request.Headers.TryAddWithoutValidation("Accept-Encoding", "GZIP;q=0.000, İdentity"));
        Assert.True(request.Headers.TryAddWithoutValidation("X-Prometheus-Scrape-Timeout-Seconds", "0.5"));
        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        // Each run has its own start times. All bytes are compared in ExpositionProps.
        return response.Content.Headers.ContentType?.MediaType == "application/vnd.google.protobuf"
            ? string.Join(' ', FamilyName().Matches(body).Select(name => name.Value))
            : body;
    }

    [GeneratedRegex("http_[a-z_]+", RegexOptions.None, 1000)]
    private static partial Regex FamilyName();
}
