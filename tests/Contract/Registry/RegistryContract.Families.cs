namespace Instrumentator.Properties;

/// <summary>Each metric name has one definition.</summary>
public abstract partial class RegistryContract
{
    [Fact]
    public void The_same_definition_is_the_same_family()
    {
        var registry = New();
        Assert.Same(registry.Counter("a", "Help.", "x"), registry.Counter("a_total", "Help.", "x"));
        Assert.Same(registry.Gauge("b", "Help."), registry.Gauge("b", "Help."));
        Assert.Same(registry.Summary("d", "Help.", "x"), registry.Summary("d", "Help.", "x"));
        Assert.Same(
            registry.Histogram("c", "Help.", [1, 2]),
            registry.Histogram("c", "Help.", [1, 2, double.PositiveInfinity]));
        Assert.Equal(4, registry.Scrape().Families.Count);
    }

    [Fact]
    public void Another_definition_under_the_same_name_is_an_error_that_shows_both()
    {
        var registry = New();
        registry.Histogram("jobs_seconds", "Time a job took.", [0.5, 1], "kind");
        var refusal = Assert.Throws<InvalidOperationException>(
            () => registry.Histogram("jobs_seconds", "Time a job took.", [0.5, 2], "kind"));
        Assert.Equal(
            "The name jobs_seconds is taken. Registered: Histogram jobs_seconds \"Time a job took.\" with labels "
                + "[kind] and buckets [0.5, 1]. "
                + "Requested: Histogram jobs_seconds \"Time a job took.\" with labels [kind] and buckets [0.5, 2]. "
                + "Rename one of them, or use another registry.",
            refusal.Message);
    }

    [Fact]
    public void Any_difference_makes_another_definition()
    {
        Action<Registry>[] definitions =
        [
            registry => registry.Histogram("a", "Help.", [1], "x"),
            registry => registry.Histogram("a", "Other help.", [1], "x"),
            registry => registry.Histogram("a", "Help.", [1, 2], "x"),
            registry => registry.Histogram("a", "Help.", [1], "y"),
            registry => registry.Histogram("a", "Help.", [1], "x", "y"),
            registry => registry.Histogram("a", "Help.", [1], "y", "x"),
            registry => registry.Histogram("a", "Help.", [1]),
            registry => registry.Gauge("a", "Help.", "x"),
            registry => registry.Summary("a", "Help.", "x"),
        ];
        foreach (var first in definitions)
        {
            foreach (var second in definitions.Where(other => other != first))
            {
                var registry = New();
                first(registry);
                var before = registry.Scrape();
                Assert.Throws<InvalidOperationException>(() => second(registry));
                Assert.Equal(before, registry.Scrape());
            }
        }
    }

    [Theory]
    [InlineData("x_sum")]
    [InlineData("x_count")]
    [InlineData("x_bucket")]
    [InlineData("x_created")]
    public void A_name_that_a_histogram_writes_is_taken(string name) =>
        AssertClash(registry => registry.Histogram("x", "Help.", [1]), registry => registry.Gauge(name, "Help."), name);

    [Theory]
    [InlineData("x_sum")]
    [InlineData("x_count")]
    [InlineData("x_created")]
    public void A_name_that_a_summary_writes_is_taken(string name) =>
        AssertClash(registry => registry.Summary("x", "Help."), registry => registry.Gauge(name, "Help."), name);

    [Theory]
    [InlineData("x")]
    [InlineData("x_total")]
    [InlineData("x_created")]
    public void A_name_that_a_counter_writes_in_any_format_is_taken(string name) =>
        AssertClash(registry => registry.Counter("x", "Help."), registry => registry.Gauge(name, "Help."), name);

    [Property]
    public Property A_help_text_may_be_any_text() =>
        Prop.ForAll(Arb.From(Gen.Zip(Generators.Texts.Generator, Generators.Definitions)), one =>
        {
            var registry = New();
            var definition = one.Item2 with { Help = one.Item1 };
            new Program(registry).Run(new Operation.Register(definition));
            var naive = NewNaive();
            naive.Run(new Operation.Register(definition));
            AssertSame(naive, registry);

            // The same definition gives the same family, although the scrape may show another help text.
            new Program(registry).Run(new Operation.Register(definition));
            Assert.Single(registry.Scrape().Families);
        });

    [Fact]
    public void A_colon_in_a_name_is_accepted_or_refused()
    {
        var registry = New();
        var refusal = Record.Exception(() => registry.Gauge("jobs:waiting", "Help."));
        Assert.Equal(_differences.RefusesColons is not null, refusal is InvalidConfigException);
        Assert.Equal(_differences.RefusesColons is not null ? 0 : 1, registry.Scrape().Families.Count);
    }

    /// <summary>Asserts that the second registration is refused, in either order.</summary>
    private void AssertClash(Action<Registry> one, Action<Registry> other, string name)
    {
        foreach (var (first, second) in new[] { (one, other), (other, one) })
        {
            var registry = New();
            first(registry);
            var refusal = Assert.Throws<InvalidOperationException>(() => second(registry));
            Assert.StartsWith($"The name {name} is taken. Registered: ", refusal.Message, StringComparison.Ordinal);
            Assert.Single(registry.Scrape().Families);
        }
    }
}
