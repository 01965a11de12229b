using Instrumentator.Testing;

namespace Instrumentator.Tests;

/// <summary>Scrapes are compared by their data, not by their formatting.</summary>
public class CompareTests
{
    private const string Orders = """
        # TYPE orders_total counter
        orders_total{paid="yes",country="DE"} 2.0
        orders_total{country="DE", paid="no"} 1e0
        """;

    private readonly Registry _registry = ValueTests.Shop();

    [Fact]
    public void A_scrape_is_equal_to_itself_in_every_format()
    {
        foreach (var expected in ValueTests.Texts(_registry))
        {
            Assert.Empty(_registry.Compare(expected));
            Assert.All(
                ValueTests.Texts(_registry),
                actual => Assert.Empty(ParsedScrape.Parse(actual).Compare(WithoutUnits(expected))));
        }
    }

    [Fact]
    public void Order_blanks_and_how_numbers_are_written_make_no_difference() =>
        Assert.Empty(_registry.Compare(Orders, "orders_total"));

    [Fact]
    public void What_is_indented_or_ends_its_lines_otherwise_is_the_same() =>
        Assert.Empty(
            _registry.Compare($"\r\n\r\n        {Orders.ReplaceLineEndings("\r\n        ")}\r\n    ", "orders_total"));

    [Fact]
    public void OpenMetrics_is_compared_in_its_own_format()
    {
        const string Expected = """
            # TYPE size_bytes summary
            # UNIT size_bytes bytes
            size_bytes_count 1.0
            size_bytes_sum 0.75
            # TYPE orders counter
            orders_total{country="DE",paid="no"} 1
            orders_total{country="DE",paid="yes"} 2
            # EOF
            """;
        Assert.Empty(_registry.Compare(Expected, "orders_total", "size_bytes"));
        Assert.Empty(_registry.Compare(Expected, "orders", "size_bytes"));
        Assert.Equal(
            "- # UNIT size_bytes bytes", ParsedScrape.Parse(_registry.ToText()).Compare(Expected, "size_bytes"));
    }

    [Fact]
    public void Without_TYPE_lines_samples_belong_to_the_same_families_as_in_the_scrape()
    {
        const string Expected = """
            stock_seconds_bucket{le="+Inf"} 3
            stock_seconds_bucket{le="0.50"} 1
            stock_seconds_bucket{le="5"} 2
            stock_seconds_sum 7.5
            stock_seconds_count 3
            """;
        Assert.Empty(_registry.Compare(Expected, "stock_seconds"));
        AssertDifference("""
            - stock_seconds_bucket{le="2"} 2
            + stock_seconds_bucket{le="5.0"} 2
            """,
            _registry.Compare(Expected.Replace("le=\"5\"", "le=\"2\"", StringComparison.Ordinal), "stock_seconds"));
    }

    [Fact]
    public void A_difference_shows_missing_lines_unexpected_lines_and_both_values() => AssertDifference("""
        - # HELP orders_total Orders taken.
        + # HELP orders_total Orders.
        - # TYPE orders_total gauge
        + # TYPE orders_total counter
        - orders_total{country="DE",paid="no"} 4
        + orders_total{country="DE",paid="no"} 1
        + orders_total{country="DE",paid="yes"} 2
        - orders_total{country="FR",paid="no"} NaN
        """, _registry.Compare("""
        # HELP orders_total Orders taken.
        # TYPE orders_total gauge
        orders_total{country="FR",paid="no"} NaN
        orders_total{country="DE",paid="no"} 4
        """, "orders_total"));

    [Fact]
    public void Without_names_everything_is_compared() => AssertDifference("""
        + size_bytes_count 1
        + size_bytes_sum 0.75
        + stock -3
        + stock_seconds_bucket{le="0.5"} 1
        + stock_seconds_bucket{le="5.0"} 2
        + stock_seconds_bucket{le="+Inf"} 3
        + stock_seconds_count 3
        + stock_seconds_sum 7.5
        - wishes 1
        """, _registry.Compare(Orders + "\nwishes 1"));

    [Fact]
    public void A_name_that_is_nowhere_is_a_difference() =>
        Assert.Equal(
            "? order_total is in neither scrape. No metric is named order_total. The nearest names are: orders_total, "
                + "empty_total, stock, size_bytes_sum, size_bytes_count.",
            _registry.Compare(Orders, "order_total"));

    [Fact]
    public void NaN_and_infinity_are_equal_to_themselves()
    {
        _registry.Gauge("g", "Help.", "x").With("1").Set(double.NaN);
        _registry.Gauge("g", "Help.", "x").With("2").Set(double.NegativeInfinity);
        Assert.Empty(_registry.Compare("g{x=\"1\"} NaN\ng{x=\"2\"} -Inf", "g"));
    }

    [Fact]
    public void Exemplars_and_timestamps_are_compared_only_if_the_expected_text_has_them()
    {
        var actual = ParsedScrape.Parse("# TYPE a counter\na_total 1 2 # {trace_id=\"x\"} 3 4\n# EOF\n");
        Assert.Empty(actual.Compare("a_total 1"));
        Assert.Empty(actual.Compare("# TYPE a counter\na_total 1 2 # {trace_id=\"x\"} 3 4\n# EOF\n"));
        AssertDifference("""
            - a_total 1 # {} 3
            + a_total 1 2 # {trace_id="x"} 3 4
            """, actual.Compare("# TYPE a counter\na_total 1 # {} 3\n# EOF\n"));
        AssertDifference("""
            - a_total 1 5
            + a_total 1 2 # {trace_id="x"} 3 4
            """, actual.Compare("a_total 1 5000"));
    }

    [Fact]
    public void Start_times_are_compared_only_if_the_expected_text_has_them()
    {
        var actual = ParsedScrape.Parse(
            "# TYPE a counter\na_total 1\na_created 2\n# TYPE b_created gauge\nb_created 3\n# EOF\n");
        Assert.Empty(actual.Compare("a_total 1\nb_created 3"));
        Assert.Empty(actual.Compare("# TYPE a counter\na_total 1\n# EOF\n", "a"));
        Assert.Empty(actual.Compare("# TYPE a counter\na_total 1\na_created 2\n# EOF\n", "a"));
        AssertDifference("""
            - a_created 3
            + a_created 2
            """, actual.Compare("# TYPE a counter\na_total 1\na_created 3\n# EOF\n", "a"));

        // This one is no start time.
        AssertDifference("+ b_created 3", actual.Compare("a_total 1"));
    }

    [Fact]
    public void A_registry_has_the_start_times_that_the_expected_text_has()
    {
        var created = _registry.Scrape().Families
            .Single(family => family.Definition.Name == "size_bytes")
            .Samples.Single().Created;
        var expected = FormattableString.Invariant(
            $"# TYPE size_bytes summary\nsize_bytes_count 1\nsize_bytes_sum 0.75\nsize_bytes_created {created}\n# EOF");
        Assert.Empty(_registry.Compare(expected, "size_bytes"));
        Assert.NotEmpty(_registry.Compare(
            expected.Replace("_created 1", "_created 2", StringComparison.Ordinal), "size_bytes"));
    }

    [Fact]
    public void Samples_with_timestamps_are_compared_in_order() => AssertDifference("""
        - a 2 2
        + a 3 2
        """, ParsedScrape.Parse("a 1 1\na 3 2\n# EOF\n").Compare("a 1 1\na 2 2\n# EOF\n"));

    [Fact]
    public void Quoted_names_are_compared_as_well() => AssertDifference("""
        - {"my.name",y="1"} 1
        + {"my.name",y="1"} 2
        """, ParsedScrape.Parse("{\"my.name\",\"y\"=\"1\"} 2\n").Compare("{\"my.name\",y=\"1\"} 1"));

    [Fact]
    public void An_assertion_throws_the_difference()
    {
        ScrapeAssert.Equal(Orders, _registry, "orders_total");
        ScrapeAssert.Equal(Orders, _registry.ToText(), "orders_total");
        var error = Assert.Throws<ScrapeMismatchException>(() => ScrapeAssert.Equal("stock 3", _registry, "stock"));
        Assert.Equal("- stock 3\n+ stock -3", error.Difference);
        Assert.Equal(
            "The scrape differs from the expected one (- expected, + actual):\n- stock 3\n+ stock -3",
            error.Message);
        Assert.Throws<ScrapeMismatchException>(() => ScrapeAssert.Equal("stock 3", "stock 4\n", "stock"));
    }

    [Fact]
    public void An_invalid_expected_text_and_an_invalid_scrape_are_different_errors()
    {
        var error = Assert.Throws<ArgumentException>(() => _registry.Compare("stock x"));
        Assert.StartsWith(
            "The expected text is invalid. Line 1: Expected a number, not x. The line: stock x",
            error.Message,
            StringComparison.Ordinal);
        Assert.Throws<ScrapeFormatException>(() => ScrapeAssert.Equal("stock 1", "stock x\n"));
    }

    // Only OpenMetrics has them.
    private static string WithoutUnits(string text) =>
        string.Join('\n', text.Split('\n').Where(line => !line.StartsWith("# UNIT", StringComparison.Ordinal)));

    private static void AssertDifference(string expected, string difference) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), difference);

    [Fact]
    public void The_timestamp_of_an_exemplar_is_compared_only_if_the_expected_text_has_one()
    {
        var registry = new Registry();
        registry.Counter("c", "Help.").Increment(1, [("t", "1")]);
        Assert.Empty(registry.Compare("# TYPE c counter\nc_total 1 # {t=\"1\"} 1\n# EOF"));
        Assert.NotEmpty(registry.Compare("# TYPE c counter\nc_total 1 # {t=\"2\"} 1\n# EOF"));
        Assert.NotEmpty(registry.Compare("# TYPE c counter\nc_total 1 # {t=\"1\"} 1 7\n# EOF"));
    }

    [Fact]
    public void UTF_8_names_are_compared_unchanged()
    {
        var registry = new Registry { AllowUtf8Names = true };
        registry.Gauge("a.b", "Help.", "x y").With("1").Set(2);
        Assert.Empty(registry.Compare("{\"a.b\",\"x y\"=\"1\"} 2", "a.b"));
        Assert.Empty(registry.Compare("{\"a.b\",\"x y\"=\"1\"} 2\n# EOF", "a.b"));
    }
}
