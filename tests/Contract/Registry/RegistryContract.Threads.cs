namespace Instrumentator.Properties;

/// <summary>n threads that add k each leave n·k in every kind of cell, and concurrent scrapes see only possible
/// values.</summary>
public abstract partial class RegistryContract
{
    private const int ThreadCount = 4;
    private const int Times = 20_000;
    private const int All = ThreadCount * Times;

    [Fact]
    public void Threads_that_write_one_cell_lose_nothing()
    {
        var registry = New();
        var ones = registry.Counter("ones", "Whole numbers.");
        var halves = registry.Counter("halves", "Fractions, and whole numbers among them.");
        var gauge = registry.Gauge("gauge", "Up and down.");
        var histogram = registry.Histogram("histogram", "Observations.", [1, 2, 3]);
        var doubles = registry.Summary("doubles", "Fractions.");
        var longs = registry.Summary("longs", "Whole numbers, small and large.");
        RunScraped(registry, _ =>
        {
            for (var i = 0; i < Times; i++)
            {
                ones.Increment();
                halves.Increment(0.5);
                halves.Increment();
                gauge.Add(0.25);
                gauge.Increment();
                gauge.Decrement();
                histogram.Observe(i % 5 * 0.75);
                doubles.Observe(0.125);
                longs.Observe(3L);
                longs.Observe(1L << 30);
            }
        });

        var snapshot = registry.Scrape();
        Assert.Equal(new SampleValue.Counter(All), snapshot.Find("ones_total"));
        Assert.Equal(new SampleValue.Counter(All * 1.5), snapshot.Find("halves_total"));
        Assert.Equal(new SampleValue.Gauge(All * 0.25), snapshot.Find("gauge"));
        Assert.Equal(
            new SampleValue.Histogram([All / 5 * 2, All / 5, All / 5 * 2, 0], All / 5 * 7.5),
            snapshot.Find("histogram"));
        Assert.Equal(new SampleValue.Summary(All, All * 0.125), snapshot.Find("doubles"));
        Assert.Equal(new SampleValue.Summary(2L * All, All * (3.0 + (1L << 30))), snapshot.Find("longs"));
    }

    [Fact]
    public void Threads_that_create_the_same_series_at_once_lose_nothing()
    {
        var registry = New();
        var counters = registry.Counter("a", "Help.", "x", "y");
        var histograms = registry.Histogram("b", "Help.", [0.5], "x");
        const int Series = 500;
        RunScraped(registry, _ =>
        {
            for (var i = 0; i < Times; i++)
            {
                counters.With($"{i % Series}", "é").Increment();
                histograms.With($"{i % Series}").Observe(i % 2);
            }
        });

        var snapshot = registry.Scrape();
        Assert.Equal([Series, Series], snapshot.Families.Select(family => family.Samples.Count));
        Assert.All(
            snapshot.Families[0].Samples,
            sample => Assert.Equal(new SampleValue.Counter(All / Series), sample.Value));
        Assert.Equal(All, snapshot.Families[1].Samples.Sum(sample => ((SampleValue.Histogram)sample.Value).Count));
    }

    [Fact]
    public void Threads_that_pass_the_limit_together_do_not_break_it()
    {
        var registry = New(seriesLimit: 10);
        var family = registry.Counter("a", "Help.", "x");
        RunScraped(registry, thread =>
        {
            for (var i = 0; i < Times / 10; i++)
                family.With($"{thread} {i}").Increment();
        });

        var samples = FamiliesOf(registry.Scrape()).Single().Samples;
        Assert.Equal(11, samples.Count);
        Assert.Equal(All / 10, samples.Sum(ValueOf));
    }

    [Fact]
    public void Threads_that_register_the_same_family_at_once_get_the_same_family()
    {
        var registry = New();
        RunScraped(registry, _ =>
        {
            for (var i = 0; i < 1_000; i++)
                registry.Counter($"a{i % 100}", "Help.").Increment();
        });
        Assert.Equal(100, registry.Scrape().Families.Count);
        Assert.All(
            registry.Scrape().Families,
            family => Assert.Equal(new SampleValue.Counter(ThreadCount * 10), family.Samples.Single().Value));
    }

    private static void RunScraped(Registry registry, Action<int> body)
    {
        var watch = new ScrapeWatch(registry);
        Threads.Run(ThreadCount, body, meanwhile: watch.Look);
    }
}
