using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Instrumentator.Properties;

/// <summary>What is wrong in a section is told with the full path of its key, the value and the rule.</summary>
public class ConfigurationReaderTests
{
    /// <summary>JSON in the section, and the errors.</summary>
    public static TheoryData<string, string[]> Errors => new()
    {
        { "{ \"GroupStatusCodes\": \"yes\" }", ["I:GroupStatusCodes is \"yes\", but must be true or false."] },
        { "{ \"GroupStatusCodes\": null }", ["I:GroupStatusCodes is null, but must be true or false."] },
        {
            "{ \"BodyLimit\": 1.5 }",
            ["I:BodyLimit is \"1.5\", but must be a whole number up to 2147483647."]
        },
        {
            "{ \"BodyLimit\": [1] }",
            ["I:BodyLimit is a section, but must be a whole number up to 2147483647."]
        },
        {
            "{ \"BodyLimit\": -1 }",
            [
                "I:BodyLimit: BodyLimit is -1, but must be 0 or more bytes. To keep no body, leave BodyHandlers empty."
            ]
        },
        {
            "{ \"ClientAborts\": \"Own\" }",
            ["I:ClientAborts is \"Own\", but must be Status499, OwnGroup or AsAnswered."]
        },
        {
            "{ \"ClientAborts\": 1 }",
            ["I:ClientAborts is \"1\", but must be Status499, OwnGroup or AsAnswered."]
        },
        {
            "{ \"AsyncTimeout\": 5 }",
            [
                "I:AsyncTimeout is \"5\", but must be a time as hours:minutes:seconds, "
                    + "such as \"00:00:05\" for 5 seconds."
            ]
        },
        {
            "{ \"ExcludedHandlers\": \"^/health$\" }",
            [
                "I:ExcludedHandlers is \"^/health$\", but must be a list: [\"…\"] in JSON, "
                    + "or the key I:ExcludedHandlers:0 for its first item."
            ]
        },
        {
            "{ \"ExtraMethods\": [\"PURGE\", null] }",
            ["I:ExtraMethods:1 is null, but must be a text."]
        },
        {
            "{ \"ExtraMethods\": [\"PURGE\", \"A B\"] }",
            [
                "I:ExtraMethods:1: ExtraMethods holds \"A B\", which is not an HTTP method: "
                    + "use letters, digits and !#$%&'*+-.^_`|~ (RFC 9110, 5.6.2)."
            ]
        },
        {
            "{ \"InProgress\": {} }",
            [
                "I:InProgress is null, but must be true for the defaults, false for none, or a section with keys. "
                    + "(A configuration cannot tell null from {}.)"
            ]
        },
        {
            "{ \"LongLived\": \"off\" }",
            ["I:LongLived is \"off\", but must be true for the defaults, false for none, or a section with keys."]
        },
        {
            "{ \"Untemplated\": \"Drop\" }",
            [
                "I:Untemplated is \"Drop\", but must be \"Ignore\", \"Group\", \"Path\", { \"Group\": \"the label\" } "
                    + "or { \"Path\": 100 }."
            ]
        },
        {
            "{ \"Untemplated\": { \"Group\": \"a\", \"Path\": 1 } }",
            [
                "I:Untemplated is a section, but must be \"Ignore\", \"Group\", \"Path\", "
                    + "{ \"Group\": \"the label\" } or { \"Path\": 100 }."
            ]
        },
        {
            "{ \"Untemplated\": { \"Path\": 0 } }",
            [
                "I:Untemplated:Path: Untemplated.Path has the limit 0, but must be 1 or more. "
                    + "To have no paths as labels, use Untemplated.Group()."
            ]
        },
        { "{ \"ExcludeHandlers\": [\"x\"] }", ["I:ExcludeHandlers is unknown; did you mean ExcludedHandlers?"] },
        { "{ \"Namespace\": \"shop\" }", ["I:Namespace is unknown; did you mean DefaultMetrics:Namespace?"] },
        { "{ \"ScrapeOptions\": { \"Gzip\": true } }", ["I:ScrapeOptions is unknown; did you mean Scrape?"] },
        { "{ \"Scrape\": { \"Gzipp\": true } }", ["I:Scrape:Gzipp is unknown; did you mean Gzip?"] },
        {
            "{ \"Scrape\": { \"?\": 1 } }",
            [
                "I:Scrape:? is unknown. Remove it, or use one of "
                    + "Gzip, Measured, Timeout, MaxConcurrentScrapes, MaxBytes, SelfMetrics, CreatedSamples."
            ]
        },
        {
            "{ \"Scrape\": { \"Timeout\": \"00:00\" } }",
            [
                "I:Scrape:Timeout: ScrapeOptions.Timeout is 00:00:00, but must be above 0 and at most one day. "
                    + "The default is 60 seconds."
            ]
        },
        {
            "{ \"DefaultMetrics\": { \"LowResolutionBuckets\": [0.1, 0.5, \"1,5\"] } }",
            ["I:DefaultMetrics:LowResolutionBuckets:2 is \"1,5\", but must be a number, such as 0.25."]
        },
        {
            "{ \"DefaultMetrics\": { \"Namespace\": \"shop\", \"LowResolutionBuckets\": [1, 0.5] } }",
            [
                "I:DefaultMetrics:LowResolutionBuckets: The buckets of http_request_duration_seconds have 0.5 after 1: "
                    + "list each bound once, in increasing order."
            ]
        },
        {
            "{ \"DefaultMetrics\": { \"CustomLabels\": [{ \"Name\": \"service\" }] } }",
            ["I:DefaultMetrics:CustomLabels:0 lacks the key Value. Add I:DefaultMetrics:CustomLabels:0:Value."]
        },
        {
            "{ \"DefaultMetrics\": { \"CustomLabels\": { \"service\": \"api\" } } }",
            [
                "I:DefaultMetrics:CustomLabels:service is \"api\", but must be a section with the keys Name, Value."
            ]
        },
        {
            "{ \"DefaultMetrics\": \"shop\" }",
            [
                "I:DefaultMetrics is \"shop\", but must be a section with the keys Namespace, Subsystem, "
                    + "OnlySuccessInHighResolution, HighResolutionBuckets, LowResolutionBuckets, Native, "
                    + "ExcludeStreamingDuration, ExtraRequestLabels, CustomLabels."
            ]
        },
        {
            "{ \"DefaultMetrics\": { \"ExtraRequestLabels\": [\"tenant\"] } }",
            [
                "I:DefaultMetrics:ExtraRequestLabels:0 is \"tenant\", but must be handler, method, status, scheme, "
                    + "protocol_version, error_type, unhandled or grpc_status, or a section with a Header and the list "
                    + "Allowed, or a RouteValue."
            ]
        },
        {
            "{ \"DefaultMetrics\": { \"ExtraRequestLabels\": [{ \"Header\": \"X-Tenant\" }] } }",
            [
                "I:DefaultMetrics:ExtraRequestLabels:0 lacks the key Allowed. "
                    + "Clients choose headers: list the values that are labels."
            ]
        },
        {
            "{ \"DefaultMetrics\": { \"ExtraRequestLabels\": [{ \"RouteValue\": \"\", \"Label\": \"method\" }] } }",
            [
                "I:DefaultMetrics:ExtraRequestLabels:0 must have exactly one of the keys Label, Header and RouteValue, "
                    + "but has 2.",
                "I:DefaultMetrics:ExtraRequestLabels:0:RouteValue is empty. "
                    + "Use the name of a route value, such as \"controller\"."
            ]
        },
        {
            "{ \"DefaultMetrics\": { \"ExtraRequestLabels\": [{ \"RouteValue\": \"x\", \"Other\": \"y\" }] } }",
            ["I:DefaultMetrics:ExtraRequestLabels:0 has the key Other, which only a Header has."]
        },
        {
            "{ \"DefaultMetrics\": { \"ExtraRequestLabels\": [{ \"Header\": \"X\", \"Allowed\": [\"a\", \"A\"] }] } }",
            [
                "I:DefaultMetrics:ExtraRequestLabels:0: The list of the request label \"x\" holds \"a\" 2 times. "
                    + "List 1 to 1,000 values, each once regardless of case."
            ]
        },
        {
            "{ \"SeriesLimits\": { \"http_requests_total\": \"many\" } }",
            ["I:SeriesLimits:http_requests_total is \"many\", but must be a whole number up to 2147483647."]
        },
        {
            "{ \"SeriesLimits\": { \"a:b\": 0 } }",
            [
                "I:SeriesLimits:a:b: SeriesLimits has the limit 0 for \"a:b\", but it must be 1 or more. "
                    + "To have the limit of the registry, remove it."
            ]
        },
        {
            "{ \"SeriesLimits\": 100 }",
            ["I:SeriesLimits is \"100\", but must be a section with the names of metrics as keys."]
        },
        {
            "{ \"BodyLimit\": -1, \"LabelRejected\": 2, \"Scrape\": { \"MaxBytes\": 0 }, \"Foo\": 1 }",
            [
                "I:Foo is unknown. Remove it, or use one of GroupStatusCodes, Untemplated, StaticAssets, "
                    + "ExcludedHandlers, BodyHandlers, BodyLimit, LatencyDecimals, ExcludeStreamingDuration, InProgress, "
                    + "LongLived, ClientAborts, BodySizes, Exemplars, AsyncTimeout, EnabledBy, ExtraMethods, "
                    + "HandlerTemplate, LabelRejected, IncludePathBase, InitializeSeries, DefaultMetrics, SeriesLimits, "
                    + "Scrape.",
                "I:LabelRejected is \"2\", but must be true or false.",
                "I:Scrape:MaxBytes: ScrapeOptions.MaxBytes is 0, but must be 1 or more. The default is 268435456.",
                "I:BodyLimit: BodyLimit is -1, but must be 0 or more bytes. To keep no body, leave BodyHandlers empty.",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void An_error_names_the_path_of_the_key_the_value_and_the_rule(string json, string[] expected) =>
        Assert.Equal(expected, Read(json).Errors);

    [Fact]
    public void Buckets_that_only_native_ones_allow_are_valid_with_them_whatever_else_is_wrong()
    {
        var (_, errors) = Read("""
            { "BodyLimit": -1, "DefaultMetrics": { "HighResolutionBuckets": [], "Native": { "Schema": 2 } } }
            """);

        Assert.StartsWith("I:BodyLimit: ", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_of_the_app_before_it_are_not_those_of_the_section()
    {
        var start = Instrumentation.Default.With(config => config with { BodyLimit = -1 });

        var (_, errors) = ConfigurationReader.Read(
            ConfigurationWriter.Section(JsonNode.Parse("""{ "Instrumentator": { "Scrape": { "MaxBytes": 0 } } }""")!),
            new(start, new()));

        Assert.StartsWith("Instrumentator:Scrape:MaxBytes: ", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"DefaultMetrics\": {}, \"Scrape\": null, \"SeriesLimits\": {}")]
    public void What_a_section_does_not_set_stays_as_it_is(string keys)
    {
        var start = Instrumentation.Default.WithRegistry(new())
            .With(config => config with { InProgress = new() { Name = "busy" }, BodyLimit = 5 })
            .LimitSeries("a", 3);

        var (read, errors) = ConfigurationReader.Read(
            ConfigurationWriter.Section(JsonNode.Parse($$"""{ "Instrumentator": { {{keys}} } }""")!),
            new(start, new() { Gzip = true }));

        Assert.Empty(errors);
        Assert.Equal(new(start, new() { Gzip = true }), read);
    }

    [Fact]
    public void A_section_within_changes_only_its_own_keys()
    {
        var start = Instrumentation.Default
            .With(config => config with { InProgress = new() { Name = "busy" } })
            .LimitSeries("a", 3)
            .LimitSeries("b", 3);

        var (read, _) = Read(
            """{ "InProgress": { "Labels": true }, "SeriesLimits": { "b": 4 }, "LongLived": true }""", start);

        Assert.Equal(new InProgressOptions { Name = "busy", Labels = true }, read.Instrumentation.Config.InProgress);
        Assert.Equal([new("a", 3), new("b", 4)], read.Instrumentation.SeriesLimits);
        Assert.Equal(new LongLivedOptions(), read.Instrumentation.Config.LongLived);
    }

    [Theory]
    [InlineData("\"Group\"", null, "none")]
    [InlineData("\"group\"", null, "none")]
    [InlineData("{ \"Group\": \"\" }", null, "")]
    [InlineData("\"Path\"", 100, null)]
    [InlineData("{ \"path\": \"7\" }", 7, null)]
    [InlineData("\"IGNORE\"", null, null)]
    public void The_rule_for_requests_without_a_route_is_a_text_or_a_section(string json, int? limit, string? handler)
    {
        var (read, errors) = Read($$"""{ "Untemplated": {{json}} }""");

        Assert.Empty(errors);
        Assert.Equal(
            limit is { } count ? Untemplated.Path(count)
            : handler is not null ? Untemplated.Group(handler)
            : Untemplated.Ignore,
            read.Instrumentation.Config.Untemplated);
    }

    [Fact]
    public void An_empty_text_as_the_environment_has_it_is_null_for_numbers_and_an_empty_list()
    {
        var section = new ConfigurationBuilder()
            .AddInMemoryCollection([new("I:LatencyDecimals", ""), new("I:ExcludedHandlers", "")])
            .Build()
            .GetSection("I");
        var start = Instrumentation.Default
            .With(config => config with { LatencyDecimals = 2, ExcludedHandlers = ["a"] });

        var (read, errors) = ConfigurationReader.Read(section, new(start, new()));

        Assert.Empty(errors);
        Assert.Equal(Instrumentation.Default, read.Instrumentation);
    }

    // A later file, or the environment, cannot remove keys of an earlier one.
    [Fact]
    public void A_text_takes_precedence_over_the_keys_of_another_source()
    {
        var section = new ConfigurationBuilder()
            .AddInMemoryCollection([new("I:Untemplated:Group", "x"), new("I:InProgress:Labels", "true")])
            .AddInMemoryCollection([new("I:Untemplated", "Ignore"), new("I:InProgress", "false")])
            .Build()
            .GetSection("I");

        var (read, errors) = ConfigurationReader.Read(section, new(Instrumentation.Default, new()));

        Assert.Empty(errors);
        Assert.Equal(Untemplated.Ignore, read.Instrumentation.Config.Untemplated);
        Assert.Null(read.Instrumentation.Config.InProgress);
    }

    // What a configuration cannot hold: registries and functions.
    [Theory]
    [InlineData(typeof(Config), "")]
    [InlineData(typeof(InProgressOptions), "InProgress:")]
    [InlineData(typeof(LongLivedOptions), "LongLived:")]
    [InlineData(typeof(ExemplarOptions), "Exemplars:", "Labels")]
    [InlineData(typeof(DefaultMetricsOptions), "DefaultMetrics:", "Registry")]
    [InlineData(typeof(NativeBuckets), "DefaultMetrics:Native:")]
    [InlineData(typeof(ScrapeOptions), "Scrape:", "Registry")]
    public void Every_option_has_a_key_of_its_name(Type options, string path, params string[] others) =>
        Assert.Equal(
            options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.SetMethod is not null)
                .Select(property => property.Name)
                .Except(others)
                .Order(StringComparer.Ordinal),
            InstrumentatorKeys.All.Paths
                .Where(key => key.StartsWith(path, StringComparison.Ordinal))
                .Select(key => key[path.Length..])
                .Where(key => !key.Contains(':', StringComparison.Ordinal))
                .Except(path.Length == 0 ? ["DefaultMetrics", "SeriesLimits", "Scrape"] : [])
                .Order(StringComparer.Ordinal));

    [Property]
    public void The_distance_of_names_is_symmetric_and_0_for_equal_ones_only(HostileText left, HostileText right)
    {
        var (one, other) = (Short(left), Short(right));
        var distance = NearestName.Distance(one, other);

        Assert.Equal(distance, NearestName.Distance(other, one));
        Assert.Equal(distance == 0, one.Equals(other, StringComparison.OrdinalIgnoreCase));
        Assert.InRange(distance, Math.Abs(one.Length - other.Length), Math.Max(one.Length, other.Length));

        static string Short(HostileText text) => text.Value[..Math.Min(20, text.Value.Length)];
    }

    private static (ConfiguredApp App, ValueList<string> Errors) Read(string json, Instrumentation? start = null)
    {
        var section = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "I": {{json}} }""")))
            .Build()
            .GetSection("I");
        return ConfigurationReader.Read(section, new(start ?? Instrumentation.Default, new()));
    }
}
