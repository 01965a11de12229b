namespace Instrumentator.Properties.Reference;

/// <summary>The judge is judged: a parser that takes everything would find no fault in a writer.</summary>
public class OpenMetricsParserTests
{
    // Examples of the specification, in part.
    private const string Example = """
        # TYPE acme_http_router_request_seconds summary
        # UNIT acme_http_router_request_seconds seconds
        # HELP acme_http_router_request_seconds Latency though all of ACME's HTTP request router.
        acme_http_router_request_seconds_sum{path="/api/v1",method="GET"} 9036.32
        acme_http_router_request_seconds_count{path="/api/v1",method="GET"} 807283.0
        acme_http_router_request_seconds_created{path="/api/v1",method="GET"} 1605281325.0
        # TYPE go_goroutines gauge
        # HELP go_goroutines Some text and \n some \" escaping
        go_goroutines 69
        # TYPE process_cpu_seconds counter
        # UNIT process_cpu_seconds seconds
        process_cpu_seconds_total 4.20072246e+06 1520879607.789 # {trace_id="oHg5SJYRHA0"} 9.8 1520879607.789
        # TYPE foo histogram
        foo_bucket{le="0.1"} 8 # {} 0.054
        foo_bucket{le="+Inf"} 17
        foo_count 17
        foo_sum 324789.3
        # TYPE empty gauge
        bar_seconds_count{} 0
        # EOF

        """;

    [Fact]
    public void The_examples_of_the_specification_are_read()
    {
        var families = OpenMetricsParser.Parse(Example.ReplaceLineEndings("\n"));
        Assert.Equal(
            [
                ("acme_http_router_request_seconds", "summary", "seconds"), ("go_goroutines", "gauge", null), ("process_cpu_seconds", "counter", "seconds"),
                ("foo", "histogram", null), ("empty", "gauge", null), ("bar_seconds_count", "unknown", null),
            ],
            families.Select(family => (family.Name, family.Type, family.Unit)));
        Assert.Equal("Some text and \n some \" escaping", families[1].Help);
        Assert.Equal(new Exemplar([("trace_id", "oHg5SJYRHA0")], 9.8, 1520879607.789), families[2].Samples.Single().Exemplar);
        Assert.Equal(
            new SampleValue.Histogram([8, 9], 324789.3) { Exemplars = [new Exemplar([], 0.054, null), null] }, TextSeries.Of(families[3], isOpenMetrics: true).Single().Value);
    }

    [Theory]
    [InlineData("", "must be # EOF")]
    [InlineData("a 1\n", "must be # EOF")]
    [InlineData("# EOF", "must be # EOF")]
    [InlineData("# EOF\n\n", "must be # EOF")]
    [InlineData("# EOF\n# EOF\n", "is no line of this format")]
    public void A_text_without_its_end_is_refused(string text, string reason) => AssertRefused(text, reason);

    [Theory]
    [InlineData("\n", "is no line of this format")]
    [InlineData("# a comment\n", "is no line of this format")]
    [InlineData("a  1\n", "is no line of this format")]
    [InlineData("a one\n", "is no line of this format")]
    [InlineData("a{b=\"\\t\"} 1\n", "is no line of this format")]
    [InlineData("a{b=\"c\",} 1\n", "is no line of this format")]
    [InlineData("a{b:c=\"d\"} 1\n", "is no line of this format")]
    [InlineData("a 1\r\n", "is no line of this format")]
    [InlineData("a{b=\"1\",b=\"2\"} 1\n", "has a label twice")]
    [InlineData("a 1\na 2\n", "is there already")]
    [InlineData("a 1\nb 1\na{c=\"d\"} 1\n", "is apart from its family")]
    [InlineData("# TYPE a untyped\n", "names no type")]
    [InlineData("# TYPE a gauge\n# TYPE a gauge\n", "is there a second time")]
    [InlineData("# TYPE a gauge\na 1\n# HELP a late\n", "comes after the samples")]
    [InlineData("# HELP a \"x\"\n", "is not escaped")]
    [InlineData("# UNIT a_seconds bytes\n", "is not the end of the name")]
    [InlineData("# TYPE a counter\n# TYPE a_total gauge\n", "Two families can have samples named a_total")]
    [InlineData("# TYPE a counter\na 1\n", "is apart from its family")]
    [InlineData("# TYPE a counter\na_total -1\n", "can fall")]
    [InlineData("# TYPE a counter\na_total NaN\n", "can fall")]
    [InlineData("# TYPE a summary\na_sum NaN\n", "can fall")]
    [InlineData("# TYPE a summary\na{quantile=\"2\"} 1\n", "is no quantile")]
    [InlineData("# TYPE a summary\na{quantile=\"1\"} -1\n", "is no quantile")]
    [InlineData("# TYPE a gauge\na 1 # {} 1\n", "is neither a total nor a bucket")]
    [InlineData("# TYPE a counter\na_total 1 # {b=\"1\"}\n", "is no line of this format")]
    [InlineData("# TYPE a counter\na_total 1 # {} 1 NaN\n", "is no line of this format")]
    public void A_line_that_breaks_a_rule_is_refused(string lines, string reason) => AssertRefused(lines + "# EOF\n", reason);

    [Fact]
    public void An_exemplar_that_is_too_long_is_refused()
    {
        var most = $"# TYPE a counter\na_total 1 # {{b=\"{new string('é', 127)}\"}} 1\n# EOF\n";
        OpenMetricsParser.Parse(most);
        AssertRefused(most.Replace("b=", "bb=", StringComparison.Ordinal), "is too long");
    }

    [Theory]
    [InlineData("h_bucket{le=\"-1\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_count 1\nh_sum 1\n", "which it must not have")]
    [InlineData("h_bucket{le=\"+Inf\"} 1\nh_count 1\n", "which it must not have")]
    [InlineData("h_bucket{le=\"+Inf\"} 1\nh_sum 1\n", "h_count should be there once")]
    public void A_histogram_that_has_a_count_or_a_sum_alone_or_for_negative_bounds_is_refused(string lines, string reason)
    {
        var family = OpenMetricsParser.Parse($"# TYPE h histogram\n{lines}# EOF\n").Single();
        Assert.Contains(reason, Assert.Throws<FormatException>(() => TextSeries.Of(family, isOpenMetrics: true)).Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => OpenMetricsParser.Parse(text)).Message, StringComparison.Ordinal);
}
