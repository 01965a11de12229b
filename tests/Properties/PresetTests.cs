namespace Instrumentator.Properties;

/// <summary>The metrics that a preset registers: existing dashboards depend on their names, labels and
/// buckets.</summary>
public class PresetTests
{
    private static readonly ValueList<double> _milliseconds =
    [
        0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512,
        1.024, 2.048, 4.096, 8.192, 16.384, 32.768,
    ];

    [Theory]
    [InlineData(false, new[] { "method", "controller", "action", "endpoint" })]
    [InlineData(true, new[] { "method", "controller", "action", "page", "endpoint" })]
    public void The_metrics_of_prometheus_net_have_its_names_labels_and_buckets(bool page, string[] labels)
    {
        var registry = new Registry();

        Start(Presets.PrometheusNet(registry, page));

        FamilyDefinition[] expected =
        [
            new("http_requests_received_total", "", MetricKind.Counter, ["code", .. labels], []),
            new("http_request_duration_seconds", "", MetricKind.Histogram, ["code", .. labels], _milliseconds),
            new("http_requests_in_progress", "", MetricKind.Gauge, [.. labels], []),
        ];
        Assert.Equal(expected, Families(registry).Select(family => family with { Help = "" }));
        Assert.All(Families(registry), family => Assert.NotEmpty(family.Help));
    }

    [Fact]
    public void The_metrics_of_OpenTelemetry_have_its_names_labels_buckets_and_help_texts()
    {
        var registry = new Registry();

        Start(Presets.OpenTelemetry(registry, [RequestLabel.Header("X-Tenant", ["acme"]).As("tenant")]));

        FamilyDefinition[] expected =
        [
            new(
                "http_server_request_duration_seconds",
                "Duration of HTTP server requests.",
                MetricKind.Histogram,
                [
                    "http_request_method", "http_response_status_code", "http_route", "url_scheme",
                    "network_protocol_version", "error_type", "aspnetcore_request_is_unhandled", "tenant",
                ],
                [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]),
            new(
                "http_server_active_requests",
                "Number of active HTTP server requests.",
                MetricKind.Gauge,
                ["http_request_method", "url_scheme"],
                []),
        ];
        Assert.Equal(expected, Families(registry));
    }

    [Fact]
    public void Metrics_are_registered_in_the_default_registry_unless_another_one_is_given()
    {
        var before = Families(Registry.Default);
        Start(Presets.PrometheusNet(new Registry()));
        Assert.Equal(before, Families(Registry.Default));

        var preset = Presets.PrometheusNet();
        Start(preset);

        Assert.Same(Registry.Default, preset.Registry);
        Assert.Equal(
            ["http_requests_received_total", "http_request_duration_seconds", "http_requests_in_progress"],
            Families(Registry.Default).Except(before).Select(family => family.Name));
    }

    [Fact]
    public void A_preset_that_is_created_again_uses_the_same_families()
    {
        var registry = new Registry();
        Start(Presets.PrometheusNet(registry));
        Start(Presets.PrometheusNet(registry));
        Assert.Equal(3, Families(registry).Length);
        Assert.Throws<InvalidOperationException>(() => Start(Presets.PrometheusNet(registry, page: true)));
    }

    [Fact]
    public void A_preset_has_no_errors()
    {
        Assert.Empty(Presets.PrometheusNet(new Registry()).Validate());
        Assert.Empty(Presets.OpenTelemetry(new Registry()).Validate());
        Assert.Same(Registry.Default, Presets.OpenTelemetry().Registry);
    }

    [Theory]
    [InlineData("/metrics", true)]
    [InlineData("metrics", true)]
    [InlineData("/METRICS", true)]
    [InlineData("/metrics/", false)]
    [InlineData("/api/metrics", false)]
    [InlineData("/metrics2", false)]
    public void Only_the_metrics_endpoint_is_excluded(string path, bool excluded)
    {
        var config = Presets.PrometheusNet(new Registry()).Config;
        Assert.Equal(excluded, HandlerLabel.Of(path, null, config) is null);
        Assert.Equal(excluded, HandlerLabel.Of(null, path, config) is null);
    }

    private static void Start(Instrumentation instrumentation) => _ = new Recorder(instrumentation, (_, _) => { });

    private static FamilyDefinition[] Families(Registry registry) =>
        [.. registry.Scrape().Families.Select(family => family.Definition)];
}
