using System.Diagnostics;
using Instrumentator.Properties.Reference;

namespace Instrumentator.Properties;

/// <summary>Cells accept the values of their type and return what they hold.</summary>
public abstract partial class RegistryContract
{
    private const double FirstInexact = 1L << 53;

    [Property(MaxTest = 100)]
    public Property Cells_have_the_values_of_the_snapshot() =>
        Prop.ForAll(Arb.From(Generators.ExactAmounts.ListOf()), amounts =>
        {
            var registry = New();
            var (counter, gauge) = (registry.Counter("a", "Help."), registry.Gauge("b", "Help.", "x").With("y"));
            var (histogram, summary) = (
                registry.Histogram("c", "Help.", [0, 1], "x").With("\"\\\n"),
                registry.Summary("d", "Help.", "x").With("\uD800"));
            foreach (var amount in amounts)
            {
                counter.Increment(double.IsFinite(amount) ? Math.Abs(amount) : 1);
                gauge.Add(amount);
                histogram.Observe(amount);
                summary.Observe(amount);
            }
            var values = registry.Scrape().Families.Select(family => family.Samples.Single().Value).ToArray();
            Assert.Equal(new SampleValue.Counter(counter.Value), values[0]);
            Assert.Equal(new SampleValue.Gauge(gauge.Value), values[1]);
            Assert.Equal(
                (histogram.Count, histogram.Sum),
                (((SampleValue.Histogram)values[2]).Count, ((SampleValue.Histogram)values[2]).Sum));
            Assert.Equal(new SampleValue.Summary(summary.Count, summary.Sum), values[3]);
        });

    private static Gen<string> ClashingValues =>
        Gen.OneOf(Gen.Elements("GET", "get", "Get"), Generators.Texts.Generator);

    [Property(MaxTest = 100)]
    public Property Each_cell_of_a_family_has_its_own_values() =>
        Prop.ForAll(Arb.From(ClashingValues.ListOf(8)), values =>
        {
            var registry = New();
            var (histograms, summaries) = (
                registry.Histogram("a", "Help.", [1], "x"), registry.Summary("b", "Help.", "x"));
            for (var i = 0; i < values.Count; i++)
            {
                histograms.With(values[i]).Observe(1 << i);
                summaries.With(values[i]).Observe(1L << i);
            }
            Assert.All(values, value =>
            {
                double[] own =
                [
                    .. Enumerable.Range(0, values.Count)
                        .Where(i => NaiveRegistry.Kept(values[i]) == NaiveRegistry.Kept(value))
                        .Select(i => 1 << i),
                ];
                Assert.Equal((own.Length, own.Sum()), (histograms.With(value).Count, histograms.With(value).Sum));
                Assert.Equal((own.Length, own.Sum()), (summaries.With(value).Count, summaries.With(value).Sum));
            });
        });

    [Theory]
    [InlineData(-1.0)]
    [InlineData(-double.Epsilon)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_counter_refuses_amounts_below_zero_NaN_and_infinity(double amount)
    {
        var counter = New().Counter("a", "Help.");
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => counter.Increment(amount));
        Assert.StartsWith(
            "A counter only goes up: add 0 or more, or use a gauge.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, counter.Value);
    }

    [Fact]
    public void A_counter_counts_on_where_a_double_has_no_next_whole_number()
    {
        var counter = New().Counter("a", "Help.");
        counter.Increment(FirstInexact);
        counter.Increment();
        counter.Increment();
        Assert.Equal(_differences.StopsCountingAt2To53 is null ? FirstInexact + 2 : FirstInexact, counter.Value);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(1L << 62)]
    [InlineData(-(1L << 61))]
    public void Sizes_of_any_length_do_not_carry_the_sum_over_the_end_of_a_word(long size)
    {
        var summary = New().Summary("a_bytes", "Help.");
        for (var i = 0; i < 8; i++)
            summary.Observe(size);
        Assert.Equal((8, 8.0 * size), (summary.Count, summary.Sum));
    }

    [Property(MaxTest = 1_000)]
    public void An_observation_counts_in_the_first_bucket_whose_upper_bound_is_not_below_it(
        BucketBounds buckets, double value)
    {
        var bounds = buckets.Value;
        var registry = New();
        registry.Histogram("a", "Help.", bounds).Observe(value);
        var family = registry.Scrape().Families.Single();
        var expected = double.IsNaN(value) && _differences.LeavesOutNaN is not null
            ? -1
            : bounds.TakeWhile(bound => !(value <= bound)).Count();
        Assert.Equal(bounds, family.Definition.Buckets);
        Assert.Equal(
            Enumerable.Range(0, bounds.Count + 1).Select(i => i == expected ? 1L : 0L),
            ((SampleValue.Histogram)family.Samples.Single().Value).Counts);
    }

    [Fact]
    public void NaN_is_counted_and_makes_the_sum_NaN_or_is_left_out()
    {
        var registry = New();
        var (histogram, summary) = (registry.Histogram("a", "Help.", [1]), registry.Summary("b", "Help."));
        histogram.Observe(double.NaN);
        summary.Observe(double.NaN);
        Assert.Equal(_differences.LeavesOutNaN is null ? (1, double.NaN) : (0, 0), (histogram.Count, histogram.Sum));
        Assert.Equal(_differences.LeavesOutNaN is null ? (1, double.NaN) : (0, 0), (summary.Count, summary.Sum));
    }

    [Fact]
    public void Exemplars_of_the_current_trace_are_kept_only_if_the_differences_list_them()
    {
        var registry = New();
        using var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        registry.Counter("a", "Help.").Increment();
        registry.Histogram("b", "Help.", [1]).Observe(0.5);
        var (counter, histogram) = (
            (SampleValue.Counter)registry.Scrape().Find("a_total")!,
            (SampleValue.Histogram)registry.Scrape().Find("b")!);
        Exemplar?[] exemplars = [counter.Exemplar, .. histogram.Exemplars];
        var expected = _differences.KeepsExemplars is null
            ? []
            : new[] { activity.TraceId.ToString(), activity.TraceId.ToString() };
        Assert.Equal(
            expected,
            exemplars.OfType<Exemplar>()
                .Select(exemplar => exemplar.Labels.First(label => label.Name == "trace_id").Value));
    }
}
