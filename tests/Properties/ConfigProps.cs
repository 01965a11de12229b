using System.Text.RegularExpressions;

namespace Instrumentator.Properties;

public class ConfigProps
{
    [Fact]
    public void The_default_body_limit_is_64_KiB() => Assert.Equal(65_536, Config.Default.BodyLimit);

    [Property]
    public void Configs_with_equal_rules_are_equal(Config config)
    {
        var copy = config with
        {
            Untemplated = config.Untemplated with { },
            ExcludedHandlers = ValueList.From(config.ExcludedHandlers),
            BodyHandlers = ValueList.From(config.BodyHandlers),
            ExtraMethods = ValueList.From(config.ExtraMethods),
            InProgress = config.InProgress is { } options ? Copy(options) : null,
        };
        Assert.Equal(config, copy);
        Assert.Equal(config.GetHashCode(), copy.GetHashCode());
    }

    [Fact]
    public void Configs_that_differ_in_one_rule_are_not_equal()
    {
        Config[] others =
        [
            new() { GroupStatusCodes = false },
            new() { Untemplated = Untemplated.Ignore },
            new() { Untemplated = Untemplated.Group("rest") },
            new() { Untemplated = Untemplated.Path() },
            new() { Untemplated = Untemplated.Path(7) },
            new() { StaticAssets = null },
            new() { StaticAssets = "files" },
            new() { ExcludedHandlers = ["/a"] },
            new() { ExcludedHandlers = ["/a", "/b"] },
            new() { BodyHandlers = ["/a"] },
            new() { BodyLimit = 1 },
            new() { LatencyDecimals = 0 },
            new() { ExcludeStreamingDuration = true },
            new() { InProgress = new() },
            new() { InProgress = new() { Labels = true } },
            new() { InProgress = new() { RequestLabels = [] } },
            new() { InProgress = new() { RequestLabels = [RequestLabel.Method] } },
            new() { InProgress = new() { RequestLabels = [RequestLabel.Method.As("verb")] } },
            new() { InProgress = new() { RequestLabels = [RequestLabel.RouteValue("method")] } },
            new() { EnabledBy = "METRICS" },
            new() { ExtraMethods = ["PURGE"] },
            new() { HandlerTemplate = HandlerTemplate.Raw },
            new() { IncludePathBase = true },
            new() { InitializeSeries = true },
            new() { LabelRejected = false },
            new() { LongLived = null },
            new() { LongLived = new() { ContentTypes = [] } },
            new() { ClientAborts = ClientAborts.OwnGroup },
            new() { ClientAborts = ClientAborts.AsAnswered },
            new() { BodySizes = BodySizes.Actual },
            new() { Exemplars = new() },
            new() { Exemplars = new() { Interval = TimeSpan.Zero } },
            new() { AsyncTimeout = TimeSpan.FromMinutes(1) },
        ];
        Assert.Equal(others.Length, others.Distinct().Count());
        Assert.DoesNotContain(new Config(), others);

        // Every rule must be in the list.
        Assert.All(typeof(Config).GetProperties().Where(property => property.CanWrite), property =>
            Assert.Contains(others, other => !Equals(property.GetValue(other), property.GetValue(Config.Default))));
    }

    [Property]
    public void A_valid_config_has_no_errors(Config config) =>
        Assert.Empty(config.Validate());

    [Property]
    public void Any_config_can_be_validated(AnyConfig config) =>
        Assert.All(config.Value.Validate(), error => Assert.EndsWith(".", error, StringComparison.Ordinal));

    [Fact]
    public void Every_invalid_pattern_is_a_fault() =>
        Assert.All(
            Generators.InvalidPatterns,
            pattern =>
            {
                var error = Assert.Single(new Config { BodyHandlers = [pattern] }.Validate());
                Assert.StartsWith(
                    $"BodyHandlers holds \"{pattern}\", which is not a regular expression that works without "
                        + $"backtracking: ",
                    error,
                    StringComparison.Ordinal);
            });

    [Fact]
    public void All_errors_are_reported_at_once_with_value_rule_and_fix()
    {
        var config = new Config
        {
            ExcludedHandlers = ["/ok", "(", null!],
            BodyHandlers = ["(?=a)"],
            BodyLimit = -1,
            AsyncTimeout = TimeSpan.Zero,
            EnabledBy = " ",
            HandlerTemplate = (HandlerTemplate)7,
            ClientAborts = (ClientAborts)8,
            BodySizes = (BodySizes)9,
            LongLived = new() { ContentTypes = ["text/event-stream", " "] },
            Untemplated = Untemplated.Path(0),
            StaticAssets = "",
            ExtraMethods = ["PURGE", "G T", ""],
            InProgress = new()
            {
                Name = "in progress",
                RequestLabels = [RequestLabel.Status.As("code")],
                CustomLabels = [("__a", "x"), ("b-c", "y"), ("d", "1"), ("d", "2")],
            },
        };
        var instrumentation = new Instrumentation { Config = config, Registry = new() };
        var refusal = Assert.Throws<InvalidConfigException>(() => new Recorder(instrumentation, (_, _) => { }));
        Assert.Equal(
            $"""
            Instrumentator's configuration is invalid:
            ExcludedHandlers holds "(", which is not a regular expression that works without backtracking: {Objection(
                "("
            )} Lookarounds and backreferences are not supported.
            ExcludedHandlers contains null. Remove it, or use "" to match everything.
            BodyHandlers holds "(?=a)", which is not a regular expression that works without backtracking: {Objection(
                "(?=a)"
            )} Lookarounds and backreferences are not supported.
            BodyLimit is -1, but must be 0 or more bytes. To keep no body, leave BodyHandlers empty.
            EnabledBy is blank, but names an environment variable. To have no switch, use null.
            HandlerTemplate is 7, which is not one of its values. Use HandlerTemplate.Names or HandlerTemplate.Raw.
            ClientAborts is 8, which is not one of its values. Use ClientAborts.Status499, ClientAborts.OwnGroup or ClientAborts.AsAnswered.
            BodySizes is 9, which is not one of its values. Use BodySizes.ContentLength or BodySizes.Actual.
            LongLived.ContentTypes contains blank text, which would match every content type. Remove it; to match no content type, use [].
            Untemplated.Path has the limit 0, but must be 1 or more. To have no paths as labels, use Untemplated.Group().
            StaticAssets is blank, but is a handler label. To label each file with its own route, use null.
            InProgress.RequestLabels contains the label "code", which is unknown while a request is in progress. Remove it.
            AsyncTimeout is 00:00:00, but must be above 0 and at most one day. The default is 5 seconds.
            ExtraMethods holds "G T", which is not an HTTP method: use letters, digits and !#$%&'*+-.^_`|~ (RFC 9110, 5.6.2).
            ExtraMethods holds "", which is not an HTTP method: use letters, digits and !#$%&'*+-.^_`|~ (RFC 9110, 5.6.2).
            The metric name "in progress" is invalid: use letters, digits, _ and :, not starting with a digit.
            The label name "__a" of in progress is reserved for Prometheus: use one that does not start with __.
            The label name "b-c" of in progress is invalid: use letters, digits and _, not starting with a digit.
            The label name "d" of in progress occurs 2 times: rename or remove all but one.
            """.ReplaceLineEndings(),
            refusal.Message);
        Assert.Equal(instrumentation.Validate(), refusal.Errors);
    }

    // Members that are null and lists that hold null, each with its error.
    private static readonly (string Error, Func<Instrumentation, Instrumentation> Break)[] _nulls =
    [
        ("Config is null. For the default rules, use Config.Default.", it => it with { Config = null! }),
        ("Registry is null. For the default registry, use Registry.Default.", it => it with { Registry = null! }),
        (
            "DefaultMetrics is null. For the defaults, use new DefaultMetricsOptions(); for no metrics at all, set "
                + "Pipeline to Metrics.None.",
            it => it with { DefaultMetrics = null! }),
        ("AsyncPipeline is null. For none, use an empty list, [].", it => it with { AsyncPipeline = null! }),
        ("SeriesLimits is null. For none, use an empty list, [].", it => it with { SeriesLimits = null! }),
        ("AsyncPipeline contains null. Remove it.", it => it with { AsyncPipeline = [null!] }),
        (
            "ExcludedHandlers is null. For none, use an empty list, [].",
            OfConfig(config => config with { ExcludedHandlers = null! })),
        (
            "ExcludedHandlers contains null. Remove it, or use \"\" to match everything.",
            OfConfig(config => config with { ExcludedHandlers = [null!] })),
        (
            "BodyHandlers is null. For none, use an empty list, [].",
            OfConfig(config => config with { BodyHandlers = null! })),
        (
            "ExtraMethods is null. For none, use an empty list, [].",
            OfConfig(config => config with { ExtraMethods = null! })),
        (
            "ExtraMethods holds \"\", which is not an HTTP method: use letters, digits and !#$%&'*+-.^_`|~ (RFC 9110, "
                + "5.6.2).",
            OfConfig(config => config with { ExtraMethods = [null!] })),
        (
            "Untemplated is null. Use Untemplated.Group(), Untemplated.Ignore or Untemplated.Path().",
            OfConfig(config => config with { Untemplated = null! })),
        (
            "InProgress.CustomLabels is null. For none, use an empty list, [].",
            OfConfig(config => config with { InProgress = new() { CustomLabels = null! } })),
        (
            "The label name \"\" of http_requests_inprogress is invalid: use letters, digits and _, not starting with "
                + "a digit.",
            OfConfig(config =>
                config with
                {
                    InProgress = new() { RequestLabels = [null!], CustomLabels = [default] },
                })),
        (
            "The metric name \"\" is invalid: use letters, digits, _ and :, not starting with a digit.",
            OfConfig(config =>
                config with
                {
                    InProgress = new() { Name = null!, Help = null! },
                })),
        (
            "LongLived.CustomLabels is null. For none, use an empty list, [].",
            OfConfig(config => config with { LongLived = new() { CustomLabels = null! } })),
        (
            "LongLived.ContentTypes is null. For none, use an empty list, [].",
            OfConfig(config => config with { LongLived = new() { ContentTypes = null! } })),
        (
            "LongLived.DurationBuckets is null. For the defaults, do not set it.",
            OfConfig(config => config with { LongLived = new() { DurationBuckets = null! } })),
        (
            "HighResolutionBuckets of the default metrics is null. For the defaults, do not set it.",
            OfMetrics(metrics => metrics with { HighResolutionBuckets = null! })),
        (
            "LowResolutionBuckets of the default metrics is null. For the defaults, do not set it.",
            OfMetrics(metrics => metrics with { LowResolutionBuckets = null! })),
        (
            "CustomLabels of the default metrics is null. For none, use an empty list, [].",
            OfMetrics(metrics => metrics with { CustomLabels = null! })),
        (
            "ExtraRequestLabels of the default metrics is null. For none, use an empty list, [].",
            OfMetrics(metrics => metrics with { ExtraRequestLabels = null! })),
        (
            "The label name \"\" of the default metrics is invalid: use letters, digits and _, not starting with a "
                + "digit.",
            OfMetrics(metrics => metrics with { ExtraRequestLabels = [null!] })),
    ];

    [Property]
    public Property Null_members_and_items_are_errors_and_no_crash() =>
        Prop.ForAll(Arb.From(Gen.SubListOf(Enumerable.Range(0, _nulls.Length))), nulls =>
        {
            // A later change may replace an earlier one, so the last change of each member counts.
            var broken = nulls.Aggregate(
                Instrumentation.Default.WithRegistry(new()),
                (instrumentation, number) => _nulls[number].Break(instrumentation));

            var errors = broken.Validate();

            Assert.Equal(nulls.Count == 0, errors.Count == 0);
            Assert.All(errors, error => Assert.EndsWith(".", error, StringComparison.Ordinal));
            if (errors.Count > 0)
            {
                var refusal = Assert.Throws<InvalidConfigException>(() => new Recorder(broken, (_, _) => { }));
                Assert.Equal(errors, refusal.Errors);
            }
        });

    [Fact]
    public void The_error_of_a_null_member_names_it_and_the_fix() =>
        Assert.All(_nulls, one =>
            Assert.Contains(one.Error, one.Break(Instrumentation.Default.WithRegistry(new())).Validate()));

    [Fact]
    public void Null_options_of_metrics_are_errors_and_no_crash()
    {
        Assert.All(MetricsTests.All, metric => Assert.Equal(
            [$"CustomLabels of {metric.Name} is null. For none, use an empty list, []."],
            Assert.Throws<InvalidConfigException>(
                () => metric.Create(new() { Registry = new(), CustomLabels = null! })).Errors));
        Assert.Contains(
            "Buckets of http_request_duration_seconds is null. For the defaults, do not set it.",
            Assert.Throws<InvalidConfigException>(
                () => Metrics.Latency(new() { Registry = new(), Buckets = null!, CustomLabels = null! })).Errors);
    }

    private static Func<Instrumentation, Instrumentation> OfConfig(Func<Config, Config> change) =>
        it => it with { Config = change(it.Config ?? Config.Default) };

    private static Func<Instrumentation, Instrumentation> OfMetrics(
        Func<DefaultMetricsOptions, DefaultMetricsOptions> change) =>
        it => it with { DefaultMetrics = change(it.DefaultMetrics ?? new()) };

    [Theory]
    [InlineData("true", true)]
    [InlineData("TRUE", true)]
    [InlineData("True", true)]
    [InlineData("1", true)]
    [InlineData("yes", false)]
    [InlineData("on", false)]
    [InlineData(" true ", false)]
    [InlineData("11", false)]
    [InlineData("0", false)]
    [InlineData("false", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void The_environment_switches_on_with_true_and_1_only(string? value, bool expected)
    {
        var config = Config.Default with { EnabledBy = "METRICS" };
        Assert.Equal(expected, EnvironmentSwitch.IsOn(config, name => name == "METRICS" ? value : "true"));
        Assert.True(EnvironmentSwitch.IsOn(Config.Default, _ => value));
    }

    private static InProgressOptions Copy(InProgressOptions options) => options with
    {
        RequestLabels = options.RequestLabels is { } labels
            ? ValueList.From(labels.Select(label => label with { }))
            : null,
        CustomLabels = ValueList.From(options.CustomLabels),
    };

    // The message comes from .NET and may change with its version.
    private static string Objection(string pattern) =>
        Assert.ThrowsAny<Exception>(
            () => new Regex(pattern, RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout)).Message;
}
