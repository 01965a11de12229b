namespace Instrumentator.Properties;

/// <summary>The help texts of sizes say what is measured: headers, or bytes that were counted.</summary>
public abstract partial class RegistryContract
{
    private static readonly Func<Info, Unit> _sizes = Metrics.RequestSize(new() { Namespace = "own" })
        .Then(Metrics.ResponseSize(new() { Namespace = "own" }).When(_ => true))
        .Then(Metrics.CombinedSize());

    private static readonly Dictionary<BodySizes, Dictionary<string, string>> _helps = new()
    {
        [BodySizes.ContentLength] = new()
        {
            ["http_request_size_bytes"] = "Content length of incoming requests by handler. "
                + "Only value of header is respected. Otherwise ignored. No percentile calculated.",
            ["http_response_size_bytes"] = "Content length of outgoing responses by handler. "
                + "Only value of header is respected. Otherwise ignored. No percentile calculated.",
            ["own_http_request_size_bytes"] = "Content bytes of requests.",
            ["own_http_response_size_bytes"] = "Content bytes of responses.",
            ["http_combined_size_bytes"] = "Content bytes of requests and responses.",
        },
        [BodySizes.Actual] = new()
        {
            ["http_request_size_bytes"] = "Bytes read from request bodies by handler. No percentile calculated.",
            ["http_response_size_bytes"] = "Bytes sent as response bodies by handler. No percentile calculated.",
            ["own_http_request_size_bytes"] = "Bytes read from request bodies.",
            ["own_http_response_size_bytes"] = "Bytes sent as response bodies.",
            ["http_combined_size_bytes"] = "Bytes read from request bodies and sent as response bodies.",
        },
    };

    [Theory]
    [InlineData(BodySizes.ContentLength)]
    [InlineData(BodySizes.Actual)]
    public void Help_texts_of_sizes_say_what_is_measured(BodySizes sizes)
    {
        var registry = New();

        RecordOne(registry, sizes, _sizes);

        Assert.Equal(_helps[sizes], HelpsOfSizes(registry));
    }

    [Theory]
    [InlineData(BodySizes.ContentLength, BodySizes.Actual)]
    [InlineData(BodySizes.Actual, BodySizes.ContentLength)]
    public void Instrumentations_with_both_kinds_of_sizes_share_families_with_the_first_help(
        BodySizes first, BodySizes second)
    {
        var registry = New();

        RecordOne(registry, first, _sizes);
        RecordOne(registry, second, _sizes);
        RecordOne(registry, first, _sizes);

        Assert.Equal(_helps[first], HelpsOfSizes(registry));
        Assert.Equal(new SampleValue.Summary(3, 9), registry.Scrape().Find("http_request_size_bytes", "/"));
        Assert.Equal(
            new SampleValue.Summary(3, 15),
            registry.Scrape().Find("own_http_response_size_bytes", "/", "GET", "2xx"));
    }

    [Fact]
    public void A_help_text_of_ones_own_stays_and_another_one_is_another_definition()
    {
        var registry = New();
        var own = Metrics.CombinedSize(new() { Help = "Mine." });

        RecordOne(registry, BodySizes.Actual, own);

        Assert.Equal("Mine.", HelpsOfSizes(registry)["http_combined_size_bytes"]);
        var error = Assert.Throws<InvalidOperationException>(() => RecordOne(registry, BodySizes.Actual, _sizes));
        Assert.Contains("http_combined_size_bytes", error.Message, StringComparison.Ordinal);
    }

    private static void RecordOne(Registry registry, BodySizes sizes, Func<Info, Unit> metrics)
    {
        var recorder = new Recorder(
            Instrumentation.Default.WithRegistry(registry)
                .With(config => config with { BodySizes = sizes })
                .AndAlso(metrics),
            _ignore);
        recorder.Record(
            recorder.Templated("/"),
            new() { Method = "GET", StatusCode = 200, RequestSize = 3, ResponseSize = 5 });
    }

    private static Dictionary<string, string> HelpsOfSizes(Registry registry) => registry.Scrape().Families
        .Select(family => family.Definition)
        .Where(definition => definition.Name.EndsWith("_size_bytes", StringComparison.Ordinal))
        .ToDictionary(definition => definition.Name, definition => definition.Help);
}
