using Instrumentator.Testing;

namespace Instrumentator.Tests;

/// <summary>Tests the strict parser itself: a parser that accepts everything would find no error in a writer.</summary>
public class OpenMetricsTextTests
{
    // Examples from the specification, shortened.
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
        var families = ParsedScrape.OpenMetrics(Example.ReplaceLineEndings("\n")).Families;
        Assert.Equal(
            [
                ("acme_http_router_request_seconds", "summary", "seconds"),
                ("go_goroutines", "gauge", null),
                ("process_cpu_seconds", "counter", "seconds"),
                ("foo", "histogram", null),
                ("empty", "gauge", null),
                ("bar_seconds_count", "unknown", null),
            ],
            families.Select(family => (family.Name, family.Type, family.Unit)));
        Assert.Equal("Some text and \n some \" escaping", families[1].Help);
        Assert.Equal(
            new Exemplar([("trace_id", "oHg5SJYRHA0")], 9.8, 1520879607.789),
            families[2].Samples.Single().Exemplar);
        Assert.Equal([8, 17, 17, 324_789.3], families[3].Samples.Select(sample => sample.Value));
        Assert.Equal(
            [new Exemplar([], 0.054, null), null],
            families[3].Samples.Take(2).Select(sample => sample.Exemplar));
        Assert.Equal(
            (1_520_879_607.789, false, true),
            (families[2].Samples[0].Timestamp, families[5].IsTyped, families[4].IsTyped));
    }

    [Theory]
    [InlineData("", "must be # EOF")]
    [InlineData("a 1\n", "must be # EOF")]
    [InlineData("# EOF\n\n", "must be # EOF")]
    [InlineData("# EOF\r\n", "must be # EOF")]
    [InlineData("# EOF\n# EOF\n", "Nothing may follow # EOF")]
    public void A_text_without_its_end_is_refused(string text, string reason) => AssertRefused(text, reason);

    [Theory]
    [InlineData("\n", "Expected a name, not the end of the line")]
    [InlineData("# a comment\n", "must be TYPE, UNIT, HELP")]
    [InlineData("a  1\n", "Expected a number, not a space")]
    [InlineData("a one\n", "Expected a number, not one")]
    [InlineData("a{b=\"c\",} 1\n", "Expected a label after the comma, not } 1")]
    [InlineData("a{b:c=\"d\"} 1\n", "Expected a =, not :c")]
    [InlineData("a 1\r\n", "Expected a number, not 1\\u000D")]
    [InlineData("a{b=\"1\",b=\"2\"} 1\n", "The label b occurs twice")]
    [InlineData("{\"a\"} 1\n", "Expected a name")]
    [InlineData("a 1\na 2\n", "occurs twice")]
    [InlineData("a 1\nb 1\na{c=\"d\"} 1\n", "The lines of a are not all together")]
    [InlineData("# TYPE a untyped\n", "\"untyped\" is not a type")]
    [InlineData("# TYPE a gauge\n# TYPE a gauge\n", "a has a second TYPE")]
    [InlineData("# TYPE a gauge\na 1\n# HELP a late\n", "comes after its first sample")]
    [InlineData("# HELP a \"x\"\n", "A quote must be written as")]
    [InlineData("# UNIT a_seconds bytes\n", "must end in the unit, _bytes")]
    [InlineData("# TYPE a_seconds info\n# UNIT a_seconds seconds\n", "cannot have a unit")]
    [InlineData("# TYPE a counter\n# TYPE a_total gauge\n", "a_total is already a sample name of the counter a")]
    [InlineData("# TYPE a_total gauge\n# TYPE a counter\n", "a_total and a could both have samples named a_total")]
    [InlineData(
        "# TYPE a counter\na 1\n",
        "The counter a has no sample of that name. Its samples are a_total, a_created")]
    [InlineData("# TYPE a counter\na_created 1\n", "has no _total")]
    [InlineData("# TYPE a counter\na_total -1\n", "must be 0 or more")]
    [InlineData("# TYPE a counter\na_total NaN\n", "must be 0 or more")]
    [InlineData("# TYPE a summary\na_sum NaN\n", "must be 0 or more")]
    [InlineData("# TYPE a summary\na_count 1.5\n", "must be a whole number")]
    [InlineData("# TYPE a summary\na{quantile=\"2\"} 1\n", "must be from 0 to 1")]
    [InlineData("# TYPE a summary\na{quantile=\"1\"} -1\n", "must not be negative")]
    [InlineData("# TYPE a summary\na_count{quantile=\"1\"} 1\n", "The label quantile must be on quantiles")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_sum{le=\"1\"} 1\n", "The label le must be on buckets")]
    [InlineData("# TYPE a stateset\na{b=\"1\"} 1\n", "The label a must be on states")]
    [InlineData("# TYPE a stateset\na{a=\"1\"} 2\n", "A state must be 0 or 1")]
    [InlineData("# TYPE a info\na_info 0\n", "An info must be 1")]
    [InlineData("# TYPE a gauge\na 1 # {} 1\n", "Only a total or a bucket may have an exemplar")]
    [InlineData("# TYPE a counter\na_total 1 # {b=\"1\"}\n", "Expected one space, not the end of the line")]
    [InlineData("# TYPE a counter\na_total 1 # {} 1 NaN\n", "Expected a timestamp in seconds, not NaN")]
    [InlineData("a 1 2 3\n", "Expected a #, not 3")]
    [InlineData("a 1 2\na 1 1\n", "must not go back")]
    [InlineData("a 1 2\na 1\n", "have a timestamp, or none")]
    [InlineData("# TYPE a summary\na_count{b=\"1\"} 1\na_count{b=\"2\"} 1\na_sum{b=\"1\"} 1\n", "must be together")]
    public void A_line_that_breaks_a_rule_is_refused(string lines, string reason) =>
        AssertRefused(lines + "# EOF\n", reason);

    [Theory]
    [InlineData("# EOF", 0)]
    [InlineData("a 1\n# EOF", 1)]
    [InlineData("a{b=\"\\t\"} 1\n# EOF\n", 1)]
    [InlineData("# TYPE a counter\na_total 1\na_created 2\n# EOF\n", 2)]
    [InlineData("# TYPE a summary\na_count 0 1\na_sum 0 1\na_count 1 2\na_sum 4 2\n# EOF\n", 4)]
    public void What_is_allowed_is_read(string text, int samples) =>
        Assert.Equal(samples, ParsedScrape.OpenMetrics(text).Families.Sum(family => family.Samples.Count));

    [Fact]
    public void Quoted_names_are_read_only_if_they_are_allowed()
    {
        const string Text =
            "# TYPE \"my.name\" counter\n{\"my.name_total\",\"label.x\"=\"v\"} 1 # {\"trace.id\"=\"1\"} 2\n# EOF\n";
        var family = ParsedScrape.OpenMetrics(Text, quotedNames: true).Families.Single();
        Assert.Equal(
            ("my.name", "my.name_total", "label.x"),
            (family.Name, family.Samples[0].Name, family.Samples[0].Labels[0].Name));
        Assert.Equal(new Exemplar([("trace.id", "1")], 2, null), family.Samples[0].Exemplar);
        Assert.Equal("{\"my.name_total\",\"label.x\"=\"v\"} 1", family.Samples[0].ToString());
        AssertRefused(Text, "Expected a name");
    }

    [Fact]
    public void An_exemplar_that_is_too_long_is_refused()
    {
        var longest = $"# TYPE a counter\na_total 1 # {{b=\"{new string('é', 127)}\"}} 1\n# EOF\n";
        ParsedScrape.OpenMetrics(longest);
        AssertRefused(longest.Replace("b=", "bb=", StringComparison.Ordinal), "must not be longer than 128 characters");
    }

    [Theory]
    [InlineData(
        "histogram",
        "h_bucket{le=\"-1\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_count 1\nh_sum 1\n",
        "There must be no sum")]
    [InlineData("histogram", "h_bucket{le=\"+Inf\"} 1\nh_count 1\n", "_count and _sum must occur together")]
    [InlineData("histogram", "h_bucket{le=\"+Inf\"} 1\nh_sum 1\n", "_count and _sum must occur together")]
    [InlineData("histogram", "h_bucket{le=\"+Inf\"} 1\nh_count 2\nh_sum 1\n", "must equal the bucket +Inf, 1")]
    [InlineData("histogram", "h_bucket{le=\"1\"} 1\n", "has no last bucket +Inf")]
    [InlineData(
        "histogram",
        "h_bucket{le=\"NaN\"} 1\nh_bucket{le=\"+Inf\"} 1\n",
        "must have a label le, which is a number")]
    [InlineData("histogram", "h_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\n", "must be cumulative")]
    [InlineData(
        "histogram",
        "h_bucket{le=\"2\"} 1\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 1\n",
        "must be in increasing order")]
    [InlineData("gaugehistogram", "h_bucket{le=\"+Inf\"} 1\nh_gcount 1\nh_gsum -1\n", "must not be negative")]
    [InlineData("gaugehistogram", "h_bucket{le=\"+Inf\"} 1\nh_gcount 1\n", "_gcount and _gsum must occur together")]
    public void A_histogram_that_contradicts_itself_is_refused(string type, string lines, string reason) =>
        AssertRefused($"# TYPE h {type}\n{lines}# EOF\n", reason);

    private static void AssertRefused(string text, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<ScrapeFormatException>(() => ParsedScrape.OpenMetrics(text)).Rule,
            StringComparison.Ordinal);
}
