using System.Numerics;
using Instrumentator.Properties.Reference;

namespace Instrumentator.Properties;

public class InfoProps
{
    private static readonly string[] _methods = ["_OTHER", .. LabelProps.StandardMethods];

    [Property(MaxTest = 2_000)]
    public void Info_From_never_throws(RequestFacts facts, AnyConfig config) => Info.From(facts, config.Value);

    [Property(MaxTest = 1_000)]
    public void The_same_facts_and_rules_give_the_same_Info(RequestFacts facts, Config config) =>
        Assert.Equal(Info.From(facts, config), Info.From(Copy(facts), config));

    [Property(MaxTest = 1_000)]
    public void All_labels_come_from_closed_sets(RequestFacts facts, Config config)
    {
        if (Info.From(facts, config) is not { } info)
            return;
        var statuses = config.GroupStatusCodes
            ? ["1xx", "2xx", "3xx", "4xx", "5xx"]
            : Enumerable.Range(100, 500).Select(status => $"{status}");
        Assert.Contains(info.Method, _methods.Concat(config.ExtraMethods));
        string[] aborts = config.ClientAborts == ClientAborts.OwnGroup ? ["499"] : [];
        Assert.Contains(info.Status, statuses.Append("other").Concat(aborts));
        Assert.Equal(facts.StatusCode, info.StatusCode);
    }

    [Property(MaxTest = 2_000)]
    public void Durations_are_the_difference_of_the_ticks_and_never_negative(RequestFacts facts)
    {
        var info = Info.From(facts, Config.Default)!.Value;
        AssertSeconds(facts, facts.EndedAt, info.Duration);
        AssertSeconds(facts, facts.ResponseStartedAt ?? facts.StartedAt, info.DurationWithoutStreaming);
    }

    [Property(MaxTest = 1_000)]
    public Property Durations_are_rounded_as_the_rules_say() =>
        Prop.ForAll(Arb.From(Gen.Zip(Generators.Facts.Generator, Gen.Choose(-2, 12))), request =>
        {
            var (facts, decimals) = request;
            var exact = Info.From(facts, Config.Default)!.Value;
            var rounded = Info.From(facts, Config.Default with { LatencyDecimals = decimals })!.Value;
            Assert.Equal(ExactDecimal.Round(exact.Duration, decimals), rounded.Duration);
            Assert.Equal(
                ExactDecimal.Round(exact.DurationWithoutStreaming, decimals),
                rounded.DurationWithoutStreaming);
        });

    [Property]
    public void Sizes_are_those_told_and_never_negative(RequestFacts facts)
    {
        var info = Info.From(facts, Config.Default)!.Value;
        Assert.Equal(Math.Max(0, facts.RequestSize.GetValueOrDefault()), info.RequestSize);
        Assert.Equal(Math.Max(0, facts.ResponseSize.GetValueOrDefault()), info.ResponseSize);
        Assert.Equal(
            (long)BigInteger.Min(long.MaxValue, (BigInteger)info.RequestSize + info.ResponseSize),
            info.CombinedSize);
    }

    [Fact]
    public void A_default_Info_has_labels_too()
    {
        Info none = default;
        Assert.Equal(
            ("none", "_OTHER", "other", "", null),
            (none.Handler, none.Method, none.Status, none.Request.Path, none.Source));
        Assert.Equal("", none.RouteValue("controller"));
    }

    [Fact]
    public void An_Info_exposes_the_exception_and_the_adapters_object()
    {
        var (exception, source) = (new InvalidOperationException("The app failed."), new object());
        var info = Info.From(
            new RequestFacts { Exception = exception, Exchange = new Exchange(source, null) },
            Config.Default
        )!.Value;
        Assert.Same(exception, info.Exception);
        Assert.Same(source, info.Source);
        Assert.Equal(("", null, null), (info.Request.Path, info.Request.Header("Accept"), info.Response.Header("Age")));
        Assert.True(info.Response.Body.IsEmpty);
    }

    [Fact]
    public void Labels_of_an_Info_are_not_equal_if_one_of_them_differs()
    {
        var facts = new RequestFacts
        {
            Template = "/",
            Method = "GET",
            StatusCode = 200,
            RouteValues = [("page", "/a")],
        };
        var labels = Info.From(facts, Config.Default)!.Value.Labels;
        RequestFacts[] others =
        [
            facts with
            {
                Template = "/b",
            },
            facts with
            {
                Method = "PUT",
            },
            facts with
            {
                StatusCode = 404,
            },
            facts with
            {
                RouteValues = [("page", "/b")],
            },
        ];
        Assert.All(others, other => Assert.NotEqual(labels, Info.From(other, Config.Default)!.Value.Labels));
        Assert.False(labels!.Equals(null));
    }

    [Fact]
    public void Null_rules_are_refused_with_the_parameter_name()
    {
        Assert.Throws<ArgumentNullException>("config", () => Info.From(default, null!));
        Assert.Throws<ArgumentNullException>("config", () => HandlerLabel.Of(null, null, null!));
        Assert.Throws<ArgumentNullException>("config", () => MethodLabel.Of(null, null!));
        Assert.Throws<ArgumentNullException>("config", () => StatusLabel.Of(200, null!));
        Assert.Throws<ArgumentNullException>("config", () => EnvironmentSwitch.IsOn(null!, _ => null));
        Assert.Throws<ArgumentNullException>("read", () => EnvironmentSwitch.IsOn(Config.Default, null!));
    }

    /// <summary>In whole numbers of any length: seconds × ticks per second is the difference, but for the last bit of a
    /// double.</summary>
    private static void AssertSeconds(RequestFacts facts, long moment, double seconds)
    {
        if (facts.TicksPerSecond <= 0 || moment <= facts.StartedAt)
        {
            Assert.Equal(0, seconds);
            return;
        }
        var (digits, decimals) = ExactDecimal.Expand(seconds);
        var measured = BigInteger.Parse(digits) * facts.TicksPerSecond;
        var expected = ((BigInteger)moment - facts.StartedAt) * BigInteger.Pow(10, decimals);
        Assert.True(
            BigInteger.Abs(measured - expected) << 51 <= expected,
            $"{seconds} s are not {(BigInteger)moment - facts.StartedAt} ticks.");
    }

    // Other objects with the same text: what is the same must not hang on a reference.
    private static RequestFacts Copy(RequestFacts facts) =>
        facts with
        {
            Method = Copy(facts.Method),
            Template = Copy(facts.Template),
            RouteValues = facts.RouteValues is { } values
                ? ValueList.From(values.Select(value => new Label(Copy(value.Name)!, Copy(value.Value)!)))
                : null,
            Path = Copy(facts.Path),
        };

    private static string? Copy(string? text) => text is null ? null : new string(text.AsSpan());
}
