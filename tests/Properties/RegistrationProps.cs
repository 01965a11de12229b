namespace Instrumentator.Properties;

/// <summary>The rules for registration and their errors; the registry checks them before it calls a backend.</summary>
public class RegistrationProps
{
    [Fact]
    public void All_errors_are_reported_at_once()
    {
        var refusal = Assert.Throws<InvalidConfigException>(() =>
            new Registry().Histogram(
                "1 job",
                "Help.",
                [1, 1, double.NaN, 0.5, double.PositiveInfinity],
                "le",
                "__x",
                "a-b",
                "",
                "ok",
                "ok"));
        Assert.Equal(
            """
            Instrumentator's configuration is invalid:
            The metric name "1 job" is invalid: use letters, digits, _ and :, not starting with a digit.
            The label name "le" of 1 job is reserved for the format itself: use another name.
            The label name "__x" of 1 job is reserved for Prometheus: use one that does not start with __.
            The label name "a-b" of 1 job is invalid: use letters, digits and _, not starting with a digit.
            The label name "" of 1 job is invalid: use letters, digits and _, not starting with a digit.
            The label name "ok" of 1 job occurs 2 times: rename or remove all but one.
            The buckets of 1 job hold NaN: use finite upper bounds; +Inf may be last and is implicit.
            The buckets of 1 job have 1 after 1: list each bound once, in increasing order.
            """.ReplaceLineEndings(),
            refusal.Message);
        Assert.Equal(8, refusal.Errors.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1a")]
    [InlineData("a b")]
    [InlineData("a-b")]
    [InlineData("é")]
    [InlineData("a\n")]
    [InlineData("a{")]
    public void Invalid_names_are_refused_for_every_kind(string name)
    {
        var registry = new Registry();
        Assert.Throws<InvalidConfigException>(() => registry.Counter(name, "Help."));
        Assert.Throws<InvalidConfigException>(() => registry.Gauge(name, "Help."));
        Assert.Throws<InvalidConfigException>(() => registry.Summary(name, "Help."));
        Assert.Throws<InvalidConfigException>(() => registry.Histogram(name, "Help.", [1]));
        Assert.Throws<InvalidConfigException>(() => registry.Gauge("a", "Help.", name));
        Assert.Empty(registry.Scrape().Families);
    }

    [Fact]
    public void Names_in_UTF_8_are_any_text_but_none_and_half_a_surrogate_pair() =>
        Assert.All(
            ["", "\uD800", "a\uDC00b"],
            name =>
            {
                var registry = new Registry { AllowUtf8Names = true };
                registry.Gauge("😀 é", "Help.", "\n");
                var refusal = Assert.Throws<InvalidConfigException>(() => registry.Gauge(name, "Help.", name));
                Assert.Equal(
                    [
                        $"The metric name \"{name}\" is invalid: use any text that is not empty and has no unpaired "
                            + $"surrogate.",
                        $"The label name \"{name}\" of {name} is invalid: use any text that is not empty and has no "
                            + $"unpaired surrogate.",
                    ],
                    refusal.Errors);
            });

    [Fact]
    public void Empty_buckets_say_what_to_give() => Assert.Equal(
        ["The buckets of a are empty: specify at least one upper bound besides +Inf."],
        Assert.Throws<InvalidConfigException>(() => new Registry().Histogram("a", "Help.", [])).Errors);

    [Theory]
    [InlineData("_total")]
    [InlineData("1_total")]
    public void A_counter_has_a_name_before_its_suffix(string name) =>
        Assert.Throws<InvalidConfigException>(() => new Registry().Counter(name, "Help."));

    [Property]
    public void Valid_names_are_accepted(MetricName name, LabelName label)
    {
        var registry = new Registry();
        registry.Summary(name.Value, "Help.", label.Value);
        var definition = registry.Scrape().Families.Single().Definition;
        Assert.Equal((name.Value, label.Value), (definition.Name, definition.LabelNames.Single()));
    }

    [Fact]
    public void A_label_is_reserved_only_where_the_format_writes_it()
    {
        var registry = new Registry();
        registry.Gauge("a", "Help.", "le", "quantile");
        registry.Summary("b", "Help.", "le");
        registry.Histogram("c", "Help.", [1], "quantile");
        Assert.Throws<InvalidConfigException>(() => registry.Summary("d", "Help.", "quantile"));
        Assert.Equal(3, registry.Scrape().Families.Count);
    }

    [Fact]
    public void Buckets_must_be_finite_and_rise()
    {
        Assert.Throws<InvalidConfigException>(() => new Registry().Histogram("a", "Help.", []));
        Assert.Throws<InvalidConfigException>(() => new Registry().Histogram("a", "Help.", [double.PositiveInfinity]));
        Assert.Throws<InvalidConfigException>(
            () => new Registry().Histogram("a", "Help.", [double.NegativeInfinity, 1]));
        Assert.Throws<InvalidConfigException>(
            () => new Registry().Histogram("a", "Help.", [double.PositiveInfinity, 1]));
        Assert.Throws<InvalidConfigException>(() => new Registry().Histogram("a", "Help.", [double.NaN]));
        Assert.Throws<InvalidConfigException>(() => new Registry().Histogram("a", "Help.", [-0.0, 0.0]));
    }

    [Property]
    public void Finite_rising_buckets_are_accepted(BucketBounds bounds)
    {
        var registry = new Registry();
        registry.Histogram("a", "Help.", bounds.Value);
        Assert.Equal(bounds.Value, registry.Scrape().Families.Single().Definition.Buckets);
    }

    [Fact]
    public void A_limit_below_one_is_refused() =>
        Assert.All(
            [() => new Registry(seriesLimit: 0), () => new Registry().LimitSeries("a", 0)],
            (Func<Registry> make) => Assert.Throws<ArgumentOutOfRangeException>(make));
}
