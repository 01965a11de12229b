using Instrumentator.Testing;

namespace Instrumentator.Tests;

/// <summary>Values are read by name and labels, from a registry or from the text of its scrape.</summary>
public class ValueTests
{
    private readonly Registry _registry = Shop();

    [Theory]
    [InlineData(1, "orders_total", "country=DE", "paid=no")]
    [InlineData(2, "orders_total", "paid=yes")]
    [InlineData(2, "orders_total", "paid=yes", "country=DE")]
    [InlineData(-3, "stock")]
    [InlineData(3, "stock_seconds_count")]
    [InlineData(0.75, "size_bytes_sum")]
    public void A_series_is_found_by_any_labels_that_identify_it(double value, string name, params string[] labels)
    {
        Assert.Equal(value, _registry.Value(name, Labels(labels)));
        Assert.Equal(value, _registry.TryValue(name, Labels(labels)));
        foreach (var text in Texts(_registry))
            Assert.Equal(value, ParsedScrape.Parse(text).Value(name, Labels(labels)));
    }

    [Fact]
    public void A_histogram_has_count_sum_and_buckets()
    {
        Assert.Equal((3, 7.5), (_registry.Count("stock_seconds"), _registry.Sum("stock_seconds")));
        Assert.Equal(
            (1, 2, 3),
            (
                _registry.Bucket("stock_seconds", 0.5),
                _registry.Bucket("stock_seconds", upTo: 5),
                _registry.Bucket("stock_seconds", double.PositiveInfinity)));
        Assert.All(
            Texts(_registry),
            text => Assert.Equal(2, ParsedScrape.Parse(text).Bucket("stock_seconds", upTo: 5)));
        Assert.Equal((1, 0.75), (_registry.Count("size_bytes"), _registry.Sum("size_bytes")));
    }

    [Fact]
    public void An_upper_bound_is_compared_as_a_number()
    {
        var scrape = ParsedScrape.Parse(
            "# TYPE h histogram\nh_bucket{le=\"1.0\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_count 2\nh_sum 9.5\n# EOF\n");
        Assert.Equal(1, scrape.Bucket("h", upTo: 1));
        Assert.Equal(1, scrape.Value("h_bucket", ("le", "1")));
    }

    [Fact]
    public void All_labels_of_a_series_distinguish_it_from_series_with_more_labels()
    {
        var scrape = ParsedScrape.Parse("a 1\na{b=\"1\"} 2\na{b=\"1\",c=\"1\"} 3\n");
        Assert.Equal((1, 2, 3), (scrape.Value("a"), scrape.Value("a", ("b", "1")), scrape.Value("a", ("c", "1"))));
        Assert.Equal(2, scrape.Value("a", ("b", "1"), ("c", "")));
    }

    [Fact]
    public void A_series_that_is_missing_is_null_or_an_error_that_shows_the_others()
    {
        Assert.Null(_registry.TryValue("orders_total", ("country", "US")));
        AssertError("""
            There is no series orders_total{country="US",paid="no"}. The series are:
              orders_total{country="DE",paid="no"} 1
              orders_total{country="DE",paid="yes"} 2
            """, () => _registry.Value("orders_total", ("country", "US"), ("paid", "no")));
    }

    [Fact]
    public void A_name_that_is_missing_is_null_or_an_error_that_shows_similar_names()
    {
        Assert.Null(_registry.TryValue("order_total"));
        AssertError(
            "There is no series order_total. No metric is named order_total. The nearest names are: orders_total, "
                + "empty_total, stock, size_bytes_sum, size_bytes_count.",
            () => _registry.Value("order_total"));
        AssertError("There is no series a. There are no metrics.", () => new Registry().Value("a"));
    }

    [Fact]
    public void The_name_of_a_family_without_such_a_sample_is_an_error_that_shows_the_alternatives()
    {
        AssertError(
            "There is no series stock_seconds. stock_seconds is a histogram: use its Count, its Sum or a Bucket.",
            () => _registry.Value("stock_seconds"));
        AssertError(
            "There is no series size_bytes. size_bytes is a summary: use its Count or its Sum.",
            () => _registry.Value("size_bytes"));
        AssertError(
            "There is no series empty_total{x=\"1\"}. empty_total has no series yet.",
            () => _registry.Value("empty_total", ("x", "1")));
    }

    [Fact]
    public void A_bucket_that_is_missing_is_an_error_that_shows_the_bounds() => AssertError("""
        There is no series stock_seconds_bucket{le="2"}. The series are:
          stock_seconds_bucket{le="0.5"} 1
          stock_seconds_bucket{le="5.0"} 2
          stock_seconds_bucket{le="+Inf"} 3
        """, () => _registry.Bucket("stock_seconds", upTo: 2));

    [Fact]
    public void Several_series_are_an_error_that_shows_them()
    {
        const string Expected = """
            Several series match orders_total{country="DE"}. Specify more labels, to identify one of:
              orders_total{country="DE",paid="no"} 1
              orders_total{country="DE",paid="yes"} 2
            """;
        Assert.Equal(
            Expected.ReplaceLineEndings("\n"),
            Assert.Throws<InvalidOperationException>(() => _registry.Value("orders_total", ("country", "DE"))).Message);
        Assert.Throws<InvalidOperationException>(() => _registry.TryValue("orders_total"));
    }

    [Fact]
    public void An_error_shows_only_the_most_similar_of_many_series()
    {
        var family = _registry.Gauge("many", "Help.", "i", "j");
        for (var i = 0; i < 100; i++)
            family.With($"{i}", "x").Set(i);
        var lines = Assert
            .Throws<KeyNotFoundException>(() => _registry.Value("many", ("i", "77"), ("j", "y")))
            .Message.Split('\n');
        Assert.Equal((22, "  many{i=\"77\",j=\"x\"} 77", "  … and 80 more"), (lines.Length, lines[1], lines[^1]));
    }

    [Fact]
    public void Change_returns_the_difference_that_an_action_makes()
    {
        var orders = _registry.Counter("orders_total", "Orders.", "country", "paid");
        Assert.Equal(4, _registry.Change(() => orders.With("DE", "yes").Increment(4), "orders_total", ("paid", "yes")));
        Assert.Equal(1, _registry.Change(() => orders.With("FR", "no").Increment(), "orders_total", ("country", "FR")));
        Assert.Equal(0, _registry.Change(() => { }, "orders_total", ("country", "IT")));
        Assert.Equal(0, _registry.Change(() => { }, "empty_total"));
        Assert.Equal(
            1,
            _registry.Change(() => _registry.Summary("size_bytes", "Sizes.").Observe(1), "size_bytes_count"));
    }

    [Fact]
    public async Task ChangeAsync_awaits_an_asynchronous_action() =>
        Assert.Equal(-2, await _registry.ChangeAsync(async () =>
        {
            await Task.Yield();
            _registry.Gauge("stock", "Stock.").Set(-5);
        }, "stock"));

    [Fact]
    public void A_change_of_a_name_that_nothing_has_is_an_error() =>
        AssertError(
            "There is no series stocks. No metric is named stocks. The nearest names are: stock, empty_total, "
                + "orders_total, size_bytes_sum, stock_seconds_sum.",
            () => _registry.Change(() => { }, "stocks"));

    [Fact]
    public void The_metrics_of_other_libraries_are_read_as_well()
    {
        _registry.Include(new Other());
        Assert.Equal((7, 5), (_registry.Value("other"), _registry.Value("quick_seconds", ("quantile", "0.5"))));
        Assert.Equal((1, 2), (_registry.Bucket("own_bounds", 8), _registry.Count("own_bounds")));
    }

    internal static Registry Shop()
    {
        var registry = new Registry();
        var orders = registry.Counter("orders_total", "Orders.", "country", "paid");
        orders.With("DE", "no").Increment();
        orders.With("DE", "yes").Increment(2);
        registry.Gauge("stock", "Stock.").Set(-3);
        registry.Counter("empty_total", "Nothing yet.", "x");
        registry.Summary("size_bytes", "Sizes.").Observe(0.75);
        var histogram = registry.Histogram("stock_seconds", "Time.", [0.5, 5]);
        foreach (var seconds in new[] { 0.5, 1, 6 })
            histogram.Observe(seconds);
        return registry;
    }

    internal static IEnumerable<string> Texts(Registry registry) =>
        [registry.ToText(), registry.ToText(ExpositionFormat.OpenMetrics)];

    private static Label[] Labels(string[] pairs) =>
        [.. pairs.Select(pair => pair.Split('=')).Select(pair => new Label(pair[0], pair[1]))];

    private static void AssertError(string message, Action action) =>
        Assert.Equal(message.ReplaceLineEndings("\n"), Assert.Throws<KeyNotFoundException>(action).Message);

    private sealed class Other : IMetricCollector
    {
        public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<ValueList<FamilySnapshot>>([
                new(
                    new("other", "Help.", MetricKind.Unknown, [], []),
                    [new(LabelSet.Empty, new SampleValue.Gauge(7))]),
                new(
                    new("quick_seconds", "Help.", MetricKind.Summary, [], []),
                    [new(LabelSet.Empty, new SampleValue.Summary(1, 5) { Quantiles = [new(0.5, 5)] })]),
                new(
                    new("own_bounds", "Help.", MetricKind.Histogram, [], [1]),
                    [new(LabelSet.Empty, new SampleValue.Histogram([1, 1], 5) { Buckets = [8] })]),
            ]);
    }

    [Fact]
    public void Labels_without_a_value_are_named_in_errors_too()
    {
        var registry = new Registry();
        registry.Counter("a", "Help.", "x").With("1").Increment();
        Assert.Contains(
            "a_total{x=\"\"}",
            Assert.Throws<KeyNotFoundException>(() => registry.Value("a_total", ("x", null!))).Message,
            StringComparison.Ordinal);
        Assert.Throws<KeyNotFoundException>(() => registry.Value("b_total", default(Label)));
    }
}
