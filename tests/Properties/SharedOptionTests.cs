namespace Instrumentator.Properties;

/// <summary>An invalid option that several families share is one error, which names the option.</summary>
public sealed class SharedOptionTests
{
    private const string ForMetric = "use letters, digits, _ and :, not starting with a digit.";
    private const string ForLabel = "use letters, digits and _, not starting with a digit.";

    public static TheoryData<DefaultMetricsOptions, string[]> DefaultMetrics => new()
    {
        {
            new() { Namespace = "my-shop" },
            [$"The namespace \"my-shop\" of the default metrics is invalid: {ForMetric}"]
        },
        {
            new() { Subsystem = "1 api" },
            [$"The subsystem \"1 api\" of the default metrics is invalid: {ForMetric}"]
        },
        { new() { Namespace = "shop", Subsystem = "1api" }, [] },
        {
            new() { Namespace = "1shop", Subsystem = "a-b" },
            [
                $"The namespace \"1shop\" of the default metrics is invalid: {ForMetric}",
                $"The subsystem \"a-b\" of the default metrics is invalid: {ForMetric}",
            ]
        },
        {
            new() { CustomLabels = [("my-label", "x"), ("__x", "x"), ("le", "x"), ("quantile", "x"), ("method", "x")] },
            [
                $"The label name \"my-label\" of the default metrics is invalid: {ForLabel}",
                "The label name \"__x\" of the default metrics is reserved for Prometheus: "
                    + "use one that does not start with __.",
                "The label name \"method\" of the default metrics occurs 2 times: rename or remove all but one.",
                "The label name \"quantile\" of the default metrics is reserved for the format itself: "
                    + "use another name.",
                "The label name \"le\" of the default metrics is reserved for the format itself: use another name.",
            ]
        },
        {
            new() { ExtraRequestLabels = [RequestLabel.Scheme.As("my-scheme")] },
            [$"The label name \"my-scheme\" of the default metrics is invalid: {ForLabel}"]
        },
        {
            new() { Native = new() { Schema = 9 } },
            ["The native buckets of the default metrics have the schema 9: use -4 (coarse) to 8 (fine)."]
        },
        {
            new()
            {
                Namespace = "my-shop",
                CustomLabels = [("my-label", "x")],
                LowResolutionBuckets = [1, 0.5],
            },
            [
                $"The namespace \"my-shop\" of the default metrics is invalid: {ForMetric}",
                $"The label name \"my-label\" of the default metrics is invalid: {ForLabel}",
                "The buckets of http_request_duration_seconds have 0.5 after 1: "
                    + "list each bound once, in increasing order.",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(DefaultMetrics))]
    public void An_option_of_the_default_metrics(DefaultMetricsOptions options, string[] errors)
    {
        Assert.Equal(errors, options.Validate());
        Assert.Equal(errors, Default.WithDefaultMetrics(options).Validate());

        // With a registry, at once; otherwise, when the instrumentation starts.
        var own = options with { Registry = new() };
        if (errors.Length > 0)
            Assert.Equal(errors, Assert.Throws<InvalidConfigException>(() => Metrics.Default(own)).Errors);
        if (options.Validate(utf8Names: true).Count == 0)
        {
            var metrics = Metrics.Default(options);
            Assert.Equal(errors, Default.Add(metrics).Validate());
            Assert.Equal(errors, Default.WithDefaultMetrics(options).AndAlso(metrics.When(_ => true)).Validate());
        }
    }

    [Fact]
    public void An_option_of_one_metric()
    {
        Assert.All(MetricsTests.All, metric =>
        {
            Check(
                new() { Namespace = "my-shop", CustomLabels = [("my-label", "x")] },
                $"The namespace \"my-shop\" of {metric.Name} is invalid: {ForMetric}",
                $"The label name \"my-label\" of {metric.Name} is invalid: {ForLabel}");
            Check(
                new() { Subsystem = "my api" },
                $"The subsystem \"my api\" of {metric.Name} is invalid: {ForMetric}");
            Check(new() { Namespace = "shop", Subsystem = "1" });

            void Check(MetricOptions options, params string[] errors)
            {
                Assert.Equal(errors, Default.Add(metric.Create(options)).Validate());
                if (errors.Length > 0)
                {
                    Assert.Equal(
                        errors,
                        Assert.Throws<InvalidConfigException>(
                            () => metric.Create(options with { Registry = new() })).Errors);
                }
            }
        });
    }

    [Fact]
    public void A_name_of_one_metric_that_is_empty_is_the_prefix_alone() =>
        Assert.Empty(Default.Add(Metrics.Requests(new() { Namespace = "shop", Name = "" })).Validate());

    [Fact]
    public void A_label_of_long_lived_requests() => Assert.Equal(
        [$"The label name \"my-label\" of the metrics of LongLived is invalid: {ForLabel}"],
        Default.With(config => config with { LongLived = new() { CustomLabels = [("my-label", "x")] } }).Validate());

    [Fact]
    public void A_registry_with_UTF_8_names_allows_any_text_but_unpaired_surrogates()
    {
        var registry = new Registry { AllowUtf8Names = true };
        Assert.Empty(Default.WithRegistry(registry).WithDefaultMetrics(new() { Namespace = "my-shop" }).Validate());
        Assert.Equal(
            ["The namespace \"\ud800\" of the default metrics is invalid: "
                + "use any text that is not empty and has no unpaired surrogate."],
            Default.WithRegistry(registry).WithDefaultMetrics(new() { Namespace = "\ud800" }).Validate());
    }

    private static Instrumentation Default => Instrumentation.Default.WithRegistry(new());
}
