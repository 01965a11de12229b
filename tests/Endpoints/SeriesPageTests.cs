using System.Text.RegularExpressions;
using Instrumentator.Properties;

namespace Instrumentator.Tests;

/// <summary>docs/series.md lists exactly the metrics that the library can put into a scrape.</summary>
public sealed partial class SeriesPageTests
{
    [Fact]
    public async Task The_page_lists_all_metrics_of_an_app_that_has_everything()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems do not have all metrics of the process.");
        var registry = new Registry().LimitSeries("own_total", 1);
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapInstrumentator(options: new() { SelfMetrics = true });
                app.MapGet("/sse", async (HttpContext context) =>
                {
                    context.Response.ContentType = "text/event-stream";
                    await context.Response.WriteAsync("data: 1\n\n");
                });
            },
            it => it.WithRegistry(registry)
                .AndAlso(Metrics.CombinedSize().Then(Metrics.From(_ => throw new InvalidOperationException())))
                .With(config => config with { InProgress = new() { Labels = true } }));
        registry.IncludeProcess().IncludeTargetInfo("shop", "1.2.0").IncludeBuildInfo();
        registry.BeforeScrape("failing", () => throw new InvalidOperationException());
        var own = registry.Counter("own", "Help.", "x");
        own.With("1").Increment();
        own.With("2").Increment();
        await app.SendAsync("GET", "/sse");
        await app.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        var text = await app.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        var shown = Type().Matches(text)
            .Select(match => $"{match.Groups["name"].Value} {match.Groups["type"].Value}")
            .Where(line => line != "own_total counter");
        Assert.Equal(Listed().Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Listed() => Row()
        .Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "series.md")))
        .Select(match => $"{match.Groups["name"].Value} {match.Groups["type"].Value}");

    [GeneratedRegex(
        @"^# TYPE (?<name>\w+) (?<type>\w+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Type();

    [GeneratedRegex(
        @"^\| `(?<name>\w+)` \| (?<type>\w+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();
}
