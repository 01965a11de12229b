using Instrumentator.Properties.Reference;

namespace Instrumentator.Properties;

/// <summary>The same label values give the same cell, and the number of series is limited.</summary>
public abstract partial class RegistryContract
{
    [Property(MaxTest = 1_000)]
    public void Label_values_share_a_series_only_if_they_are_the_same_text(
        (HostileText X, HostileText Y) one, (HostileText X, HostileText Y) other)
    {
        var (a, b, c, d) = (one.X.Value, one.Y.Value, other.X.Value, other.Y.Value);
        var family = New().Counter("a_total", "Help.", "x", "y");
        var isSame = NaiveRegistry.Kept(a) == NaiveRegistry.Kept(c) && NaiveRegistry.Kept(b) == NaiveRegistry.Kept(d);
        Assert.Equal(isSame, ReferenceEquals(family.With(a, b), family.With(c, d)));
        Assert.Same(family.With(a, b), family.With(new string(a.AsSpan()), new string(b.AsSpan())));
    }

    [Property]
    public Property A_label_value_may_be_any_text_and_the_snapshot_has_it() =>
        Prop.ForAll(Arb.From(Gen.Zip(Gen.Two(Generators.Texts.Generator), Generators.Kinds)), one =>
        {
            var ((a, b), kind) = one;
            var (registry, naive) = (New(), NewNaive());
            var program = new Program(registry);
            foreach (var operation in (Operation[])[
                new Operation.Register(
                    new("a_total", "Help.", kind, ["x", "y"], kind == MetricKind.Histogram ? [1] : [])),
                new Operation.Write("a_total", [a, b], 0.5, Otherwise: false),
                new Operation.Write("a_total", [b, a], 0.25, Otherwise: false)])
            {
                program.Run(operation);
                naive.Run(operation);
            }
            AssertSame(naive, registry);
        });

    [Fact]
    public void A_label_value_of_null_is_the_empty_text()
    {
        var family = New().Counter("a_total", "Help.", "x");
        Assert.Same(family.With((string?)null), family.With(""));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Another_number_of_label_values_is_refused(int count)
    {
        var family = New().Counter("orders", "Orders taken.", "country", "kind");
        var refusal = Assert.Throws<ArgumentException>(() => family.With(Enumerable.Repeat("x", count).ToArray()));
        Assert.StartsWith(
            $"orders_total has 2 labels, [country, kind], but {count} values were specified.",
            refusal.Message,
            StringComparison.Ordinal);
    }

    [Property]
    public Property There_are_never_more_series_than_the_limit_and_one_and_totals_stay_right() =>
        Prop.ForAll(
            Arb.From(
                from limit in Gen.Choose(1, 6)
                from values in Generators.Texts.Generator.ListOf()
                select (Limit: limit, Values: values)),
            request =>
            {
                var registry = New(request.Limit);
                var family = registry.Counter("a_total", "Help.", "x");
                foreach (var value in request.Values)
                    family.With(value).Increment();
                var samples = FamiliesOf(registry.Scrape()).Single().Samples;
                Assert.True(samples.Count <= request.Limit + 1);
                Assert.Equal(request.Values.Count, samples.Sum(ValueOf));
            });

    [Fact]
    public void Values_over_the_limit_share_the_overflow_series()
    {
        var registry = New(seriesLimit: 2);
        var family = registry.Gauge("a", "Help.", "x", "y");
        var cells = Enumerable.Range(0, 5).Select(i => family.With($"{i}", "y")).ToArray();
        Assert.Equal(3, cells.Distinct().Count());
        Assert.Same(cells[2], cells[4]);
        Assert.Same(cells[2], family.With("_overflow", "_overflow"));
        Assert.Same(cells[1], family.With("1", "y"));
        Assert.Equal(
            ["0", "1", "_overflow"],
            FamiliesOf(registry.Scrape()).Single().Samples.Select(sample => sample.Labels.Values[0]));
    }

    [Fact]
    public void An_existing_series_with_the_overflow_values_takes_the_values_over_the_limit()
    {
        var registry = New(seriesLimit: 2);
        var family = registry.Gauge("a", "Help.", "x");
        var (named, one) = (family.With("_overflow"), family.With("0"));
        Assert.NotSame(named, one);
        Assert.Same(named, family.With("1"));
        Assert.Same(named, family.With("2"));
        Assert.Equal(
            ["0", "_overflow"],
            FamiliesOf(registry.Scrape()).Single().Samples
                .Select(sample => sample.Labels.Values[0])
                .Order(StringComparer.Ordinal));
    }

    [Property]
    public Property Only_lookups_without_a_series_of_their_own_are_counted() =>
        Prop.ForAll(
            Arb.From(
                from values in Gen.Elements("a", "b", "c", "d", null, "\uD800", "\uFFFD").ListOf()
                from limit in Gen.Choose(1, 5)
                select (Limit: limit, Values: values)),
            one =>
            {
                var registry = New(one.Limit);
                var family = registry.Counter("a_total", "Help.", "x");
                var known = new HashSet<string>(StringComparer.Ordinal);
                var dropped = 0;
                foreach (var value in one.Values)
                {
                    family.With(value).Increment();
                    if (!known.Contains(NaiveRegistry.Kept(value))
                        && (known.Count == one.Limit || !known.Add(NaiveRegistry.Kept(value))))
                    {
                        dropped++;
                    }
                }

                // With the first one, the series that takes the rest, and the one that counts them.
                Assert.Equal(known.Count + (dropped > 0 ? 2 : 0), registry.CountSeries());
                Assert.Equal(dropped, DroppedOf(registry.Scrape()).GetValueOrDefault("a_total"));
            });
}
