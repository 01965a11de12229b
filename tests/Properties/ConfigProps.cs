using System.Text.RegularExpressions;

namespace Instrumentator.Properties;

public class ConfigProps
{
    [Fact]
    public void A_body_is_kept_up_to_64_KiB_unless_told_otherwise() => Assert.Equal(65_536, Config.Default.BodyLimit);

    [Fact]
    public void Equal_rules_are_equal_configs() =>
        Check.Holds(Generators.ValidConfigs, config =>
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
        });

    [Fact]
    public void Each_rule_makes_a_difference()
    {
        Config[] others =
        [
            new() { GroupStatusCodes = false },
            new() { Untemplated = Untemplated.Ignore },
            new() { Untemplated = Untemplated.Group("rest") },
            new() { Untemplated = Untemplated.Path() },
            new() { Untemplated = Untemplated.Path(7) },
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
            new() { LabelRejected = false },
            new() { Exemplars = new() },
            new() { Exemplars = new() { Interval = TimeSpan.Zero } },
        ];
        Assert.Equal(others.Length, others.Distinct().Count());
        Assert.DoesNotContain(new Config(), others);

        // A rule that is new must come to this list, too.
        Assert.All(typeof(Config).GetProperties().Where(property => property.CanWrite), property =>
            Assert.Contains(others, other => !Equals(property.GetValue(other), property.GetValue(Config.Default))));
    }

    [Fact]
    public void A_valid_config_has_no_faults() =>
        Check.Holds(Generators.ValidConfigs, config => Assert.Empty(config.Faults()));

    [Fact]
    public void Any_config_can_say_what_is_wrong_with_it() =>
        Check.Holds(Generators.AnyConfigs, config => Assert.All(config.Faults(), fault => Assert.EndsWith(".", fault, StringComparison.Ordinal)));

    [Fact]
    public void Every_invalid_pattern_is_a_fault() =>
        Assert.All(Generators.InvalidPatterns, pattern =>
        {
            var fault = Assert.Single(new Config { BodyHandlers = [pattern] }.Faults());
            Assert.StartsWith($"BodyHandlers holds \"{pattern}\", which does not compile without backtracking: ", fault, StringComparison.Ordinal);
        });

    [Fact]
    public void All_faults_are_told_at_once_with_value_rule_and_way_out()
    {
        var config = new Config
        {
            ExcludedHandlers = ["/ok", "(", null!],
            BodyHandlers = ["(?=a)"],
            BodyLimit = -1,
            EnabledBy = " ",
            HandlerTemplate = (HandlerTemplate)7,
            Untemplated = Untemplated.Path(0),
            ExtraMethods = ["PURGE", "G T", ""],
            InProgress = new() { Name = "in progress", RequestLabels = [RequestLabel.Status.As("code")], CustomLabels = [("__a", "x"), ("b-c", "y"), ("d", "1"), ("d", "2")] },
        };
        var instrumentation = new Instrumentation { Config = config, Registry = new() };
        var refusal = Assert.Throws<InvalidConfigException>(() => new Recorder(instrumentation, (_, _) => { }));
        Assert.Equal(
            $"""
            Instrumentator's configuration is invalid:
            ExcludedHandlers holds "(", which does not compile without backtracking: {Objection("(")} Correct it; look-around and back-references are not possible.
            ExcludedHandlers holds null. Leave the pattern out, or use "" to match everything.
            BodyHandlers holds "(?=a)", which does not compile without backtracking: {Objection("(?=a)")} Correct it; look-around and back-references are not possible.
            BodyLimit is -1, but a size is 0 or more bytes. To keep no body, leave BodyHandlers empty.
            EnabledBy is blank, but names an environment variable. For no switch, leave it null.
            HandlerTemplate is 7, which is none of its values. Use HandlerTemplate.Names or HandlerTemplate.Raw.
            Untemplated.Path has the limit 0, but at least 1 path must fit. For no paths at all, use Untemplated.Group().
            InProgress.RequestLabels holds the status, which nobody knows while a request is in progress. Remove RequestLabel.Status.
            ExtraMethods holds "G T", which is no HTTP method: use letters, digits and !#$%&'*+-.^_`|~ (RFC 9110, 5.6.2).
            ExtraMethods holds "", which is no HTTP method: use letters, digits and !#$%&'*+-.^_`|~ (RFC 9110, 5.6.2).
            The metric name "in progress" is invalid: use letters, digits, _ and :, and no digit first.
            The label name "__a" of in progress is reserved for Prometheus: use one that does not start with __.
            The label name "b-c" of in progress is invalid: use letters, digits and _, and no digit first.
            The label name "d" of in progress is there 2 times: rename or remove all but one.
            """.ReplaceLineEndings(),
            refusal.Message);
        Assert.Equal(instrumentation.Faults(), refusal.Faults);
    }

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
        RequestLabels = options.RequestLabels is { } labels ? ValueList.From(labels.Select(label => label with { })) : null,
        CustomLabels = ValueList.From(options.CustomLabels),
    };

    // .NET's own words, which may change with its version.
    private static string Objection(string pattern) =>
        Assert.ThrowsAny<Exception>(() => new Regex(pattern, RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout)).Message;
}
