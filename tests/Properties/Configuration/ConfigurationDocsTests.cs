using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Instrumentator.Properties;

/// <summary>What docs/options.md says of configuration files.</summary>
public partial class ConfigurationDocsTests
{
    private static readonly string _page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "options.md"));

    private static JsonNode Sample => JsonNode.Parse(Block().Match(_page).Groups["json"].Value)!;

    [Fact]
    public void The_sample_is_read_as_what_it_looks_like()
    {
        var (app, errors) = ConfigurationReader.Read(
            ConfigurationWriter.Section(Sample), new(Instrumentation.Default, new()));

        Assert.Empty(errors);
        Assert.Equal(
            new ConfiguredApp(
                Instrumentation.Default
                    .With(config => config with
                    {
                        GroupStatusCodes = false,
                        Untemplated = Untemplated.Group("other"),
                        ExcludedHandlers = ["^/health$"],
                        InProgress = new() { Labels = true },
                        LongLived = new() { ContentTypes = ["text/event-stream", "application/x-ndjson"] },
                        Exemplars = new(),
                        BodySizes = BodySizes.Actual,
                        AsyncTimeout = TimeSpan.FromSeconds(2),
                    })
                    .WithDefaultMetrics(new()
                    {
                        Namespace = "shop",
                        LowResolutionBuckets = [0.1, 0.5, 1, 5],
                        Native = new(),
                        ExtraRequestLabels =
                        [
                            RequestLabel.ErrorType,
                            RequestLabel.Header("X-Tenant", ["acme", "globex"]).As("tenant"),
                        ],
                        CustomLabels = [("service", "shop")],
                    })
                    .LimitSeries("shop_http_requests_total", 2_000),
                new ScrapeOptions { Gzip = true, Timeout = TimeSpan.FromSeconds(10) }),
            app);
    }

    [Fact]
    public void The_schema_accepts_the_sample() => Assert.True(ConfigurationSchemaTests.Accepts(Sample));

    [Fact]
    public void Every_key_is_on_the_page() => Assert.All(
        InstrumentatorKeys.All.Select(key => key.Name),
        name => Assert.Contains($"`{name}", _page, StringComparison.Ordinal));

    [GeneratedRegex("```json\n(?<json>.*?)\n```", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Block();
}
