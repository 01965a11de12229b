namespace Instrumentator.Properties;

/// <summary>The built-in metrics and their options.</summary>
public class MetricsTests
{
    // All take the same options: what holds for one metric must hold for all.
    internal static readonly (string Name, Func<MetricOptions, Func<Info, Unit>> Create)[] All =
    [
        ("http_requests_total", Metrics.Requests),
        ("http_request_duration_seconds", options => Metrics.Latency(Latency(options))),
        ("http_request_size_bytes", Metrics.RequestSize),
        ("http_response_size_bytes", Metrics.ResponseSize),
        ("http_combined_size_bytes", Metrics.CombinedSize),
    ];

    [Property]
    public Property Every_metric_has_the_chosen_labels_and_the_custom_labels() =>
        Prop.ForAll(
            Arb.From(
                from metric in Gen.Elements(All)
                from flags in Gen.Three(Gen.Elements(true, false))
                from custom in Gen.Elements<ValueList<Label>>([], [("app", "x")], [("app", "x"), ("zone", "\"\n")])
                from info in Generators.Infos
                select (Metric: metric, Flags: flags, Custom: custom, Info: info)),
            one =>
            {
                var registry = new Registry();
                var (handler, method, status) = one.Flags;
                var options = new MetricOptions
                {
                    Registry = registry,
                    Handler = handler,
                    Method = method,
                    Status = status,
                    CustomLabels = one.Custom,
                };
                one.Metric.Create(options)(one.Info);

                Label[] expected =
                [
                    .. handler ? [("handler", one.Info.Handler)] : Array.Empty<Label>(),
                    .. method ? [("method", one.Info.Method)] : Array.Empty<Label>(),
                    .. status ? [("status", one.Info.Status)] : Array.Empty<Label>(),
                    .. one.Custom,
                ];
                Assert.Equal(
                    new LabelSet(
                        ValueList.From(expected.Select(label => label.Name)),
                        [.. expected.Select(label => label.Value)]),
                    registry.Scrape().Families.Single().Samples.Single().Labels);
            });

    [Fact]
    public void Every_metric_takes_a_namespace_a_subsystem_a_name_and_a_help_text() => Assert.All(All, metric =>
    {
        var registry = new Registry();
        metric.Create(new() { Registry = registry })(default);
        metric.Create(new() { Registry = registry, Namespace = "shop" })(default);
        metric.Create(new() { Registry = registry, Namespace = "shop", Subsystem = "api" })(default);
        metric.Create(new() { Registry = registry, Subsystem = "", Name = "own_total", Help = "Own." })(default);
        var definitions = registry.Scrape().Families.Select(family => family.Definition).ToArray();
        Assert.Equal(
            [metric.Name, "shop_" + metric.Name, "shop_api_" + metric.Name, "own_total"],
            definitions.Select(definition => definition.Name));
        Assert.Equal("Own.", definitions[3].Help);
        Assert.All(definitions, definition => Assert.NotEmpty(definition.Help));
    });

    [Fact]
    public void Metrics_record_the_values_of_the_Info()
    {
        var facts = new RequestFacts
        {
            Template = "/",
            TicksPerSecond = 4,
            ResponseStartedAt = 1,
            EndedAt = 3,
            RequestSize = 5,
            ResponseSize = 7,
        };
        var info = Info.From(facts, Config.Default)!.Value;
        var registry = new Registry();
        var none = new MetricOptions { Registry = registry, Handler = false, Method = false, Status = false };
        Metrics.Requests(none)
            .Then(Metrics.RequestSize(none))
            .Then(Metrics.ResponseSize(none))
            .Then(Metrics.CombinedSize(none))
            .Then(Metrics.Latency(Latency(none) with { Buckets = [0.5, 1] }))
            .Then(Metrics.Latency(Latency(none) with
            {
                Buckets = [0.5, 1],
                Name = "first_byte_seconds",
                ExcludeStreamingDuration = true,
            }))(info);
        var snapshot = registry.Scrape();
        Assert.Equal(new SampleValue.Counter(1), snapshot.Find("http_requests_total"));
        Assert.Equal(new SampleValue.Summary(1, 5), snapshot.Find("http_request_size_bytes"));
        Assert.Equal(new SampleValue.Summary(1, 7), snapshot.Find("http_response_size_bytes"));
        Assert.Equal(new SampleValue.Summary(1, 12), snapshot.Find("http_combined_size_bytes"));
        Assert.Equal(new SampleValue.Histogram([0, 1, 0], 0.75), snapshot.Find("http_request_duration_seconds"));
        Assert.Equal(new SampleValue.Histogram([1, 0, 0], 0.25), snapshot.Find("first_byte_seconds"));
    }

    [Theory]
    [InlineData(199, 0)]
    [InlineData(200, 1)]
    [InlineData(299, 1)]
    [InlineData(300, 0)]
    public void Statuses_from_200_to_299_are_successes(int status, long count)
    {
        var registry = new Registry();
        var metrics = Metrics.Default(new() { Registry = registry, OnlySuccessInHighResolution = true });
        metrics(Info.From(new RequestFacts { Template = "/", StatusCode = status }, Config.Default)!.Value);
        Assert.Equal(
            count,
            Assert.IsType<SampleValue.Histogram>(registry.Scrape().Find("http_request_duration_highr_seconds"))
                .Counts.Sum());
    }

    [Fact]
    public void Invalid_options_are_refused_when_the_metric_is_created()
    {
        Assert.Throws<InvalidConfigException>(() => Metrics.Latency(new() { Registry = new(), Buckets = [] }));
        Assert.Throws<InvalidConfigException>(
            () => Metrics.Latency(new() { Registry = new(), CustomLabels = [("le", "x")] }));
        Assert.Throws<InvalidConfigException>(
            () => Metrics.Requests(new() { Registry = new(), CustomLabels = [("handler", "x")] }));
        Assert.Throws<InvalidConfigException>(() => Metrics.Requests(new() { Registry = new(), Namespace = "1" }));
        Assert.Throws<InvalidConfigException>(
            () => Metrics.Default(new() { Registry = new(), LowResolutionBuckets = [1, 1] }));
    }

    private static LatencyOptions Latency(MetricOptions options) => new()
    {
        Name = options.Name,
        Help = options.Help,
        Namespace = options.Namespace,
        Subsystem = options.Subsystem,
        Handler = options.Handler,
        Method = options.Method,
        Status = options.Status,
        RequestLabels = options.RequestLabels,
        CustomLabels = options.CustomLabels,
        Registry = options.Registry,
    };
}
