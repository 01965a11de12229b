namespace Instrumentator.Properties;

/// <summary>Series can be removed, and values can come from callbacks.</summary>
public abstract partial class RegistryContract
{
    [Fact]
    public void A_removed_series_is_in_no_scrape_and_begins_anew()
    {
        var registry = New();
        var families =
            new Dictionary<string, (Func<string, bool> Remove, Action<string> Write)>(StringComparer.Ordinal);
        var counter = registry.Counter("a_total", "Help.", "x");
        families["a_total"] = (value => counter.Remove(value), value => counter.With(value).Increment());
        var gauge = registry.Gauge("b", "Help.", "x");
        families["b"] = (value => gauge.Remove(value), value => gauge.With(value).Increment());
        var histogram = registry.Histogram("c", "Help.", [1], "x");
        families["c"] = (value => histogram.Remove(value), value => histogram.With(value).Observe(0.5));
        var summary = registry.Summary("d", "Help.", "x");
        families["d"] = (value => summary.Remove(value), value => summary.With(value).Observe(0.5));
        foreach (var (name, (remove, write)) in families)
        {
            write("1");
            write("2");
            write("2");
            Assert.True(remove("2"));
            Assert.False(remove("2"));
            Assert.NotNull(registry.Scrape().Find(name, "1"));
            Assert.Null(registry.Scrape().Find(name, "2"));
            write("2");
            Assert.Equal(registry.Scrape().Find(name, "1"), registry.Scrape().Find(name, "2"));
        }
        counter.Clear();
        Assert.Null(registry.Scrape().Find("a_total", "1"));
    }

    [Fact]
    public void Callbacks_are_in_each_scrape()
    {
        var registry = New();
        var calls = 0;
        registry.Gauge("a", "Help.", () => ++calls, ("x", "1"));
        registry.Counter("b", "Help.").Increment();
        Assert.Equal(new SampleValue.Gauge(1), registry.Scrape().Find("a", "1"));
        Assert.Equal(new SampleValue.Gauge(2), registry.Scrape().Find("a", "1"));
        Assert.NotNull(registry.Scrape().Find("b_total"));
    }
}
