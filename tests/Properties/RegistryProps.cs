using Instrumentator.Properties.Reference;

namespace Instrumentator.Properties;

public class RegistryProps
{
    [Fact]
    public void Any_program_leaves_what_it_leaves_in_the_naive_registry() =>
        Check.Holds(Generators.ClashingPrograms, operations =>
        {
            var (registry, naive) = (new Registry(seriesLimit: 3), new NaiveRegistry(seriesLimit: 3));
            var program = new Program(registry);
            foreach (var operation in operations)
            {
                program.Run(operation);
                naive.Run(operation);
            }
            Assert.Equal(naive.Refusals, program.Refusals);
            Assert.Equal(naive.Read(), registry.Scrape());
        }, tests: 1_000);

    [Fact]
    public void Two_scrapes_without_a_write_between_them_are_equal() =>
        Check.Holds(Generators.ClashingPrograms, operations =>
        {
            var registry = new Registry();
            Assert.Equal(Program.Run(operations, registry), registry.Scrape());
        });

    [Fact]
    public void A_snapshot_does_not_change_when_cells_do()
    {
        var registry = new Registry();
        var counter = registry.Counter("a_total", "Help.");
        var before = registry.Scrape();
        counter.Increment();
        Assert.Equal(new SampleValue.Counter(0), before.Find("a_total"));
        Assert.Equal(new SampleValue.Counter(1), registry.Scrape().Find("a_total"));
    }

    [Fact]
    public void There_are_never_more_series_than_the_limit_and_one_and_totals_stay_right() =>
        Check.Holds(
            from limit in Gen.Choose(1, 6)
            from values in Generators.Texts.Generator.ListOf()
            select (Limit: limit, Values: values),
            request =>
            {
                var registry = new Registry(request.Limit);
                var family = registry.Counter("a_total", "Help.", "x");
                foreach (var value in request.Values)
                    family.With(value).Increment();
                var samples = registry.Scrape().Families.Single().Samples;
                Assert.True(samples.Count <= request.Limit + 1);
                Assert.Equal(request.Values.Count, samples.Sum(sample => ((SampleValue.Counter)sample.Value).Value));
            });

    [Fact]
    public void Values_over_the_limit_share_the_series_named_so()
    {
        var registry = new Registry(seriesLimit: 2);
        var family = registry.Gauge("a", "Help.", "x", "y");
        var cells = Enumerable.Range(0, 5).Select(i => family.With($"{i}", "y")).ToArray();
        Assert.Equal(3, cells.Distinct().Count());
        Assert.Same(cells[2], cells[4]);
        Assert.Same(cells[2], family.With("_overflow", "_overflow"));
        Assert.Same(cells[1], family.With("1", "y"));
    }

    [Fact]
    public void Label_values_share_a_series_when_they_are_the_same_text_and_never_else() =>
        Check.Holds(Gen.Zip(Gen.Two(Generators.Texts.Generator), Gen.Two(Generators.Texts.Generator)), pairs =>
        {
            var ((a, b), (c, d)) = pairs;
            var family = new Registry().Counter("a_total", "Help.", "x", "y");
            var isSame = SlowWriter.Clean(a) == SlowWriter.Clean(c) && SlowWriter.Clean(b) == SlowWriter.Clean(d);
            Assert.Equal(isSame, ReferenceEquals(family.With(a, b), family.With(c, d)));
            Assert.Same(family.With(a, b), family.With(new string(a.AsSpan()), new string(b.AsSpan())));
        }, tests: 1_000);

    [Fact]
    public void No_label_value_is_empty_text()
    {
        var family = new Registry().Counter("a_total", "Help.", "x");
        Assert.Same(family.With((string?)null), family.With(""));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Another_number_of_label_values_is_refused(int count)
    {
        var family = new Registry().Counter("orders", "Orders taken.", "country", "kind");
        var refusal = Assert.Throws<ArgumentException>(() => family.With(Enumerable.Repeat("x", count).ToArray()));
        Assert.StartsWith($"orders_total has the 2 labels [country, kind], but {count} values were given.", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(-double.Epsilon)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_counter_refuses_what_would_not_make_it_go_up(double amount)
    {
        var counter = new Registry().Counter("a", "Help.");
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => counter.Increment(amount));
        Assert.StartsWith("A counter only goes up: add 0 or more, or use a gauge.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, counter.Value);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(1L << 62)]
    [InlineData(-(1L << 61))]
    public void Sizes_of_any_length_do_not_carry_the_sum_over_the_end_of_a_word(long size)
    {
        var summary = new Registry().Summary("a_bytes", "Help.");
        for (var i = 0; i < 8; i++)
            summary.Observe(size);
        Assert.Equal((8, 8.0 * size), (summary.Count, summary.Sum));
    }

    [Fact]
    public void An_observation_counts_in_the_first_bucket_whose_bound_is_not_below_it() =>
        Check.Holds(Gen.Zip(Generators.BucketLists, Generators.Doubles.Generator), request =>
        {
            var (bounds, value) = request;
            var registry = new Registry();
            registry.Histogram("a", "Help.", bounds).Observe(value);
            var counts = ((SampleValue.Histogram)registry.Scrape().Find("a")!).Counts;
            var expected = bounds.TakeWhile(bound => !(value <= bound)).Count();
            Assert.Equal(Enumerable.Range(0, bounds.Count + 1).Select(i => i == expected ? 1L : 0L), counts);
        }, tests: 1_000);
}
