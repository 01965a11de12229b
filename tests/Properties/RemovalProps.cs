namespace Instrumentator.Properties;

/// <summary>Series that are removed from a family.</summary>
[Collection(nameof(StorageProps))]
public class RemovalProps
{
    /// <summary>A use of a family of counters.</summary>
    public readonly record struct Step(string Kind, string Value);

    private static Gen<Step> OneStep =>
        from kind in Gen.Frequency(
            (6, Gen.Constant("increment")), (3, Gen.Constant("remove")), (1, Gen.Constant("clear")))
        from value in Gen.Choose(0, 8)
        select new Step(kind, $"{value}");

    [Property]
    public Property A_scrape_has_what_was_recorded_since_the_last_removal() =>
        Prop.ForAll(Arb.From(OneStep.ListOf()), steps =>
        {
            var registry = new Registry();
            var family = registry.Counter("a", "Help.", "x");
            var expected = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var (kind, value) in steps)
            {
                if (kind == "increment")
                    family.With(value).Increment();
                if (kind == "increment")
                    expected[value] = expected.GetValueOrDefault(value) + 1;
                if (kind == "remove")
                    Assert.Equal(expected.Remove(value), family.Remove(value));
                if (kind == "clear")
                    family.Clear();
                if (kind == "clear")
                    expected.Clear();
                Assert.Equal(expected, Values(registry));
                Assert.Equal(expected.Count, family.Count);
            }
        });

    [Property(MaxTest = 50)]
    public Property A_limit_holds_for_the_series_that_are_left(PositiveInt size) =>
        Prop.ForAll(Arb.From(OneStep.ListOf()), steps =>
        {
            var limit = 1 + size.Get % 4;
            var registry = new Registry(limit);
            var family = registry.Counter("a", "Help.", "x");
            var expected = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var (kind, value) in steps)
            {
                if (kind == "increment")
                {
                    var isFull = expected.Keys.Count(key => key != "_overflow") == limit;
                    var key = isFull && !expected.ContainsKey(value) ? "_overflow" : value;
                    family.With(value).Increment();
                    expected[key] = expected.GetValueOrDefault(key) + 1;
                }
                else if (kind == "clear")
                {
                    family.Clear();
                    expected.Clear();
                }
                else
                {
                    // Removes the series of the surplus as well.
                    Assert.Equal(expected.Remove(value), family.Remove(value));
                    Assert.Equal(expected.Remove("_overflow"), family.Remove("_overflow"));
                }
                Assert.Equal(expected, Values(registry));
            }
        });

    [Fact]
    public void A_kept_cell_is_detached_until_its_values_are_looked_up_again()
    {
        var registry = new Registry();
        var family = registry.Gauge("a", "Help.", "x");
        var kept = family.With("1");
        kept.Set(5);

        Assert.True(family.Remove("1"));
        kept.Set(7);
        Assert.Null(registry.Scrape().Find("a", "1"));
        Assert.False(family.Remove("1"));

        Assert.Equal(0, family.With("1").Value);
        Assert.NotSame(kept, family.With("1"));
        kept.Set(8);
        Assert.Equal(new SampleValue.Gauge(0), registry.Scrape().Find("a", "1"));
    }

    [Fact]
    public void Every_kind_of_series_can_be_removed()
    {
        var registry = new Registry();
        registry.Counter("a", "Help.", "x").With("1").Increment();
        registry.Gauge("b", "Help.", "x").With("1").Increment();
        registry.Histogram("c", "Help.", [1], "x").With("1").Observe(1);
        registry.Histogram("d", "Help.", new HistogramOptions { Native = new() }, "x").With("1").Observe(1);
        registry.Summary("e", "Help.", "x").With("1").Observe(1);

        Assert.True(registry.Counter("a", "Help.", "x").Remove("1"));
        Assert.True(registry.Gauge("b", "Help.", "x").Remove("1"));
        Assert.True(registry.Histogram("c", "Help.", [1], "x").Remove("1"));
        Assert.True(registry.Histogram("d", "Help.", new HistogramOptions { Native = new() }, "x").Remove("1"));
        Assert.True(registry.Summary("e", "Help.", "x").Remove("1"));
        Assert.All(registry.Scrape().Families, family => Assert.Empty(family.Samples));
    }

    [Fact]
    public void The_wrong_number_of_values_is_an_error()
    {
        var family = new Registry().Counter("a", "Help.", "x");
        var error = Assert.Throws<ArgumentException>(() => family.Remove("1", "2"));
        Assert.Contains("a_total has 1 labels, [x], but 2 values were specified.", error.Message);
    }

    [Fact]
    public void Built_in_families_refuse_and_say_why()
    {
        var registry = new Registry();
        _ = new Recorder(Instrumentation.Default.WithRegistry(registry), (_, _) => { });
        const string help = "Total number of requests by method, status and handler.";
        var family = registry.Counter("http_requests_total", help, "handler", "method", "status");

        var error = Assert.Throws<InvalidOperationException>(() => family.Remove("/", "GET", "2xx"));
        Assert.Equal(
            "The series of http_requests_total cannot be removed: the library records in it and keeps its cells, so "
            + "later requests would be lost. Exclude handlers, use fewer labels, or limit the series by "
            + "Registry.LimitSeries.",
            error.Message);
        Assert.Throws<InvalidOperationException>(family.Clear);
    }

    [Fact]
    public void Threads_that_record_and_remove_lose_nothing_but_what_was_removed()
    {
        var registry = new Registry(seriesLimit: 100);
        var family = registry.Counter("a", "Help.", "x");
        Threads.Run(
            3,
            thread =>
            {
                for (var i = 0; i < 20_000; i++)
                {
                    family.With("kept").Increment();
                    if (thread == 0)
                        family.Remove($"{i % 70}");
                    else
                        family.With($"{i % 70}").Increment();
                }
            },
            meanwhile: () => Assert.InRange(Values(registry).Count, 0, 71));
        Assert.Equal(60_000, Values(registry)["kept"]);
        family.Clear();
        Assert.Empty(Values(registry));
        Assert.Equal(0, family.Count);
    }

    [Fact]
    public void Series_that_come_and_go_take_no_memory()
    {
        var registry = new Registry();
        var family = registry.Histogram("a", "Help.", Buckets.HighResolution, "x");
        Churn(1_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Churn(50_000);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 100_000);
        GC.KeepAlive(registry);

        void Churn(int times)
        {
            for (var i = 0; i < times; i++)
            {
                family.With($"{i}").Observe(1);
                family.Remove($"{i}");
            }
        }
    }

    [Fact]
    public void Many_series_can_be_removed_one_by_one()
    {
        var family = new Registry(seriesLimit: 200_000).Counter("a", "Help.", "x");
        for (var i = 0; i < 200_000; i++)
            family.With($"{i}").Increment();
        for (var i = 0; i < 200_000; i++)
            Assert.True(family.Remove($"{i}"));
        Assert.Equal(0, family.Count);
    }

    private static Dictionary<string, double> Values(Registry registry) => registry.Scrape().Families
        .Single(family => family.Definition.Name == "a_total")
        .Samples.ToDictionary(
            sample => sample.Labels.Values[0],
            sample => ((SampleValue.Counter)sample.Value).Value,
            StringComparer.Ordinal);
}
