namespace Instrumentator.Properties;

/// <summary>OpenMetrics in examples that a reader can check. ExpositionCases covers what the two text formats have in
/// common.</summary>
public class OpenMetricsCases
{
    [Fact]
    public void A_registry_has_units_and_counter_families_without_their_suffix()
    {
        var registry = new Registry();
        registry.Counter("jobs", "Jobs \"done\".", "kind").With("a\"b").Increment();
        registry.Counter("work_seconds_total", "Work.");
        registry.Gauge("size_bytes", "C:\\\n");
        registry.Histogram("wait_seconds", "Wait.", [0.1, 1]).Observe(0.5);
        registry.Summary("load_ratio", "Load.", "x");
        AssertText(registry.Scrape(), """
            # TYPE jobs counter
            # HELP jobs Jobs \"done\".
            jobs_total{kind="a\"b"} 1
            # TYPE work_seconds counter
            # UNIT work_seconds seconds
            # HELP work_seconds Work.
            work_seconds_total 0
            # TYPE size_bytes gauge
            # UNIT size_bytes bytes
            # HELP size_bytes C:\\\n
            size_bytes 0
            # TYPE wait_seconds histogram
            # UNIT wait_seconds seconds
            # HELP wait_seconds Wait.
            wait_seconds_bucket{le="0.1"} 0
            wait_seconds_bucket{le="1.0"} 1
            wait_seconds_bucket{le="+Inf"} 1
            wait_seconds_count 1
            wait_seconds_sum 0.5
            # TYPE load_ratio summary
            # HELP load_ratio Load.
            # EOF

            """);
    }

    [Fact]
    public void An_empty_snapshot_is_only_the_EOF_line() => AssertText(new Snapshot([]), "# EOF\n");

    [Fact]
    public void A_counter_of_another_name_is_unknown_and_has_no_exemplar() => AssertText(
        Of(MetricKind.Counter, "requests", new SampleValue.Counter(-1) { Exemplar = Exemplar("a") }),
        "# TYPE requests unknown\n# HELP requests Help.\nrequests -1\n# EOF\n");

    [Fact]
    public void A_sample_line_includes_its_exemplar()
    {
        var histogram = new SampleValue.Histogram([1, 0, 2], 9)
        {
            Exemplars =
            [
                new Exemplar([("trace_id", "a\"\n"), ("span_id", "b")], 0.5, 1_700_000_000.25),
                null,
                new Exemplar([], double.PositiveInfinity, null),
            ],
        };
        AssertText(Of(MetricKind.Histogram, "h", histogram, label: "y"), """
            # TYPE h histogram
            # HELP h Help.
            h_bucket{x="y",le="1.0"} 1 # {trace_id="a\"\n",span_id="b"} 0.5 1700000000.25
            h_bucket{x="y",le="2.0"} 1
            h_bucket{x="y",le="+Inf"} 3 # {} +Inf
            h_count{x="y"} 3
            h_sum{x="y"} 9
            # EOF

            """);
    }

    [Theory]
    [InlineData("trace_id", 120, true)]
    [InlineData("trace_id", 121, false)]
    [InlineData("", 1, false)]
    [InlineData("0", 1, false)]
    [InlineData("a-b", 1, false)]
    [InlineData("__a", 1, false)]
    public void An_exemplar_that_no_reader_may_take_is_left_off(string name, int length, bool shown)
    {
        // Each is one character of four bytes and two chars.
        var value = string.Concat(Enumerable.Repeat("😀", length));
        var counter = new SampleValue.Counter(1) { Exemplar = new Exemplar([(name, value)], 2, double.NaN) };
        var text = ExpositionFormat.OpenMetrics.ToText(Of(MetricKind.Counter, "a_total", counter));
        Assert.EndsWith(
            shown ? $"\na_total 1 # {{{name}=\"{value}\"}} 2\n# EOF\n" : "\na_total 1\n# EOF\n",
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_exemplar_with_the_same_label_twice_is_left_off() => AssertText(
        Of(
            MetricKind.Counter,
            "a_total",
            new SampleValue.Counter(1) { Exemplar = new Exemplar([("b", "1"), ("b", "2")], 1, null) }),
        "# TYPE a counter\n# HELP a Help.\na_total 1\n# EOF\n");

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Negative_and_NaN_totals_are_left_out(double value)
    {
        AssertText(
            Of(MetricKind.Counter, "a_total", new SampleValue.Counter(value)),
            "# TYPE a counter\n# HELP a Help.\n# EOF\n");
        AssertText(
            Of(MetricKind.Summary, "s", new SampleValue.Summary(1, value)),
            "# TYPE s summary\n# HELP s Help.\ns_count 1\n# EOF\n");
        AssertText(Of(MetricKind.Histogram, "h", new SampleValue.Histogram([0, 0, 1], value)), """
            # TYPE h histogram
            # HELP h Help.
            h_bucket{le="1.0"} 0
            h_bucket{le="2.0"} 0
            h_bucket{le="+Inf"} 1
            # EOF

            """);
    }

    [Fact]
    public void A_histogram_with_a_negative_bound_has_neither_count_nor_sum() => AssertText(
        Of(MetricKind.Histogram, "h", new SampleValue.Histogram([1, 1], 5) { Buckets = [-0.5] }),
        "# TYPE h histogram\n# HELP h Help.\nh_bucket{le=\"-0.5\"} 1\nh_bucket{le=\"+Inf\"} 2\n# EOF\n");

    [Fact]
    public void Invalid_quantiles_are_left_out() => AssertText(
        Of(
            MetricKind.Summary,
            "s",
            new SampleValue.Summary(2, 3)
            {
                Quantiles =
                [
                    new(0, 1),
                    new(0.5, double.NaN),
                    new(0.9, -1),
                    new(1, 2),
                    new(1.5, 2),
                    new(-0.5, 2),
                ],
            }),
        """
        # TYPE s summary
        # HELP s Help.
        s{quantile="0.0"} 1
        s{quantile="0.5"} NaN
        s{quantile="1.0"} 2
        s_count 2
        s_sum 3
        # EOF

        """);

    [Theory]
    [InlineData("a_seconds", "seconds")]
    [InlineData("a_seconds_bytes", "bytes")]
    [InlineData("_celsius", "celsius")]
    [InlineData("a_amperes", "amperes")]
    [InlineData("seconds", null)]
    [InlineData("aseconds", null)]
    [InlineData("a_seconds_", null)]
    [InlineData("a_Seconds", null)]
    [InlineData("a_seconds_total", null)]
    [InlineData("a_milliseconds", null)]
    [InlineData("", null)]
    public void The_unit_is_the_base_unit_that_the_name_ends_in(string name, string? unit) =>
        Assert.Equal(unit, Units.Of(name));

    private static Exemplar Exemplar(string trace) => new([("trace_id", trace)], 1, null);

    private static Snapshot Of(MetricKind kind, string name, SampleValue value, string? label = null)
    {
        var labels = label is null ? LabelSet.Empty : new LabelSet(["x"], [label]);
        var definition = new FamilyDefinition(
            name,
            "Help.",
            kind,
            labels.Names,
            kind == MetricKind.Histogram ? [1, 2] : []);
        return new Snapshot([new FamilySnapshot(definition, [new Sample(labels, value)])]);
    }

    private static void AssertText(Snapshot snapshot, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), ExpositionFormat.OpenMetrics.ToText(snapshot));
}
