using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Instrumentator.Properties;

/// <summary>Writes an app as JSON, one property after the other, as somebody would who copies a program into
/// appsettings.json.</summary>
internal static class ConfigurationWriter
{
    public static JsonObject Write(ConfiguredApp app) => new()
    {
        ["Instrumentator"] = Merge(
            Rules(app.Instrumentation.Config),
            new JsonObject
            {
                ["DefaultMetrics"] = DefaultMetrics(app.Instrumentation.DefaultMetrics),
                ["SeriesLimits"] = new JsonObject(app.Instrumentation.SeriesLimits.Select(
                    limit => KeyValuePair.Create(limit.Metric, (JsonNode?)limit.Limit))),
                ["Scrape"] = Scrape(app.Scrape),
            }),
    };

    public static IConfigurationSection Section(JsonNode json) => new ConfigurationBuilder()
        .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json.ToJsonString())))
        .Build()
        .GetSection("Instrumentator");

    private static JsonObject Rules(Config config) => new()
    {
        ["GroupStatusCodes"] = config.GroupStatusCodes,
        ["Untemplated"] = config.Untemplated switch
        {
            Untemplated.Grouped group => new JsonObject { ["Group"] = group.Handler },
            Untemplated.ByPath path => new JsonObject { ["Path"] = path.Limit },
            _ => "Ignore",
        },
        ["StaticAssets"] = config.StaticAssets,
        ["ExcludedHandlers"] = List(config.ExcludedHandlers),
        ["BodyHandlers"] = List(config.BodyHandlers),
        ["BodyLimit"] = config.BodyLimit,
        ["LatencyDecimals"] = config.LatencyDecimals,
        ["ExcludeStreamingDuration"] = config.ExcludeStreamingDuration,
        ["InProgress"] = config.InProgress is { } gauge ? InProgress(gauge) : false,
        ["LongLived"] = config.LongLived is { } longLived ? LongLived(longLived) : false,
        ["ClientAborts"] = config.ClientAborts.ToString(),
        ["BodySizes"] = config.BodySizes.ToString(),
        ["Exemplars"] = config.Exemplars is { } exemplars
            ? new JsonObject { ["Interval"] = Time(exemplars.Interval) }
            : false,
        ["AsyncTimeout"] = Time(config.AsyncTimeout),
        ["EnabledBy"] = config.EnabledBy,
        ["ExtraMethods"] = List(config.ExtraMethods),
        ["HandlerTemplate"] = config.HandlerTemplate.ToString(),
        ["LabelRejected"] = config.LabelRejected,
        ["IncludePathBase"] = config.IncludePathBase,
        ["InitializeSeries"] = config.InitializeSeries,
    };

    private static JsonObject InProgress(InProgressOptions options) => new()
    {
        ["Name"] = options.Name,
        ["Help"] = options.Help,
        ["Labels"] = options.Labels,
        ["RequestLabels"] = options.RequestLabels is { } labels ? Array(labels.Select(RequestLabelOf)) : null,
        ["CustomLabels"] = Labels(options.CustomLabels),
    };

    private static JsonObject LongLived(LongLivedOptions options) => new()
    {
        ["GaugeName"] = options.GaugeName,
        ["DurationName"] = options.DurationName,
        ["DurationBuckets"] = Numbers(options.DurationBuckets),
        ["ContentTypes"] = List(options.ContentTypes),
        ["CustomLabels"] = Labels(options.CustomLabels),
    };

    private static JsonObject DefaultMetrics(DefaultMetricsOptions options) => new()
    {
        ["Namespace"] = options.Namespace,
        ["Subsystem"] = options.Subsystem,
        ["OnlySuccessInHighResolution"] = options.OnlySuccessInHighResolution,
        ["HighResolutionBuckets"] = Numbers(options.HighResolutionBuckets),
        ["LowResolutionBuckets"] = Numbers(options.LowResolutionBuckets),
        ["Native"] = options.Native is { } native
            ? new JsonObject
            {
                ["Schema"] = native.Schema,
                ["ZeroThreshold"] = native.ZeroThreshold,
                ["MaxBuckets"] = native.MaxBuckets,
            }
            : false,
        ["ExcludeStreamingDuration"] = options.ExcludeStreamingDuration,
        ["ExtraRequestLabels"] = Array(options.ExtraRequestLabels.Select(RequestLabelOf)),
        ["CustomLabels"] = Labels(options.CustomLabels),
    };

    private static JsonObject Scrape(ScrapeOptions options) => new()
    {
        ["Gzip"] = options.Gzip,
        ["Measured"] = options.Measured,
        ["Timeout"] = Time(options.Timeout),
        ["MaxConcurrentScrapes"] = options.MaxConcurrentScrapes,
        ["MaxBytes"] = options.MaxBytes,
        ["SelfMetrics"] = options.SelfMetrics,
        ["CreatedSamples"] = options.CreatedSamples,
    };

    private static JsonNode RequestLabelOf(RequestLabel label) =>
        JsonNode.Parse(Generators.ConfiguredLabels.Single(one => one.Label == label).Json)!;

    private static JsonArray Labels(ValueList<Label> labels) =>
        Array(labels.Select(label => new JsonObject { ["Name"] = label.Name, ["Value"] = label.Value }));

    private static JsonArray List(ValueList<string> texts) => Array(texts.Select(text => (JsonNode)text));

    private static JsonArray Numbers(ValueList<double> numbers) => Array(numbers.Select(number => (JsonNode)number));

    private static JsonArray Array(IEnumerable<JsonNode> items) => new([.. items]);

    private static string Time(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);

    private static JsonObject Merge(JsonObject first, JsonObject second) =>
        new(first.Concat(second).Select(one => KeyValuePair.Create(one.Key, one.Value?.DeepClone())));
}
