using Instrumentator.Testing;

namespace Instrumentator.Tests;

/// <summary>Tests the strict parser itself: a parser that accepts everything would find no error in a writer.</summary>
public class PrometheusTextTests
{
    // The example from the specification, shortened.
    private const string Example = """
        # HELP http_requests_total The total number of HTTP requests.
        # TYPE http_requests_total counter
        http_requests_total{method="post",code="200"} 1027 1395066363000
        http_requests_total{method="post",code="400"}    3 1395066363000

        # Escaping in label values:
        msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9

        # Minimalistic line:
        metric_without_timestamp_and_labels 12.47

        # A weird metric from before the epoch:
        something_weird{problem="division by zero",} +Inf -3982045

        # A histogram, which has a pretty complex representation in the text format:
        # HELP http_request_duration_seconds A histogram of the request duration.
        # TYPE http_request_duration_seconds histogram
        http_request_duration_seconds_bucket{le="0.05"} 24054
        http_request_duration_seconds_bucket{le="0.1"} 33444
        http_request_duration_seconds_bucket{le="+Inf"} 144320
        http_request_duration_seconds_sum 53423
        http_request_duration_seconds_count 144320

        """;

    [Fact]
    public void The_example_of_the_specification_is_read()
    {
        var families = ParsedScrape.Prometheus(Example.ReplaceLineEndings("\n")).Families;
        Assert.Equal(
            [
                "http_requests_total",
                "msdos_file_access_time_seconds",
                "metric_without_timestamp_and_labels",
                "something_weird",
                "http_request_duration_seconds",
            ],
            families.Select(family => family.Name));
        Assert.Equal(("The total number of HTTP requests.", "counter"), (families[0].Help, families[0].Type));
        Assert.Equal(
            [new("path", "C:\\DIR\\FILE.TXT"), new("error", "Cannot find file:\n\"FILE.TXT\"")],
            families[1].Samples.Single().Labels);
        Assert.Equal(double.PositiveInfinity, families[3].Samples.Single().Value);
        Assert.Equal([24_054, 33_444, 144_320, 53_423, 144_320], families[4].Samples.Select(sample => sample.Value));
        Assert.Equal(("0.05", 1_395_066_363), (families[4].Samples[0].ValueOf("le"), families[0].Samples[0].Timestamp));
    }

    [Theory]
    [InlineData("a 1", "The last line must end with a line feed")]
    [InlineData("a", "The last line must end with a line feed")]
    [InlineData("a\n", "Expected a number")]
    [InlineData("1a 1\n", "Expected a name")]
    [InlineData("ä 1\n", "Expected a name")]
    [InlineData("a one\n", "Expected a number")]
    [InlineData("a 1,5\n", "Expected a number")]
    [InlineData("a ∞\n", "Expected a number")]
    [InlineData("a Infinity\n", "Expected a number")]
    [InlineData("a -\n", "Expected a number")]
    [InlineData("a 1 2 3\n", "Expected nothing more")]
    [InlineData("a 1 soon\n", "Expected a timestamp")]
    [InlineData("a 1\r\n", "Expected a number")]
    [InlineData("a{ 1\n", "Expected a name")]
    [InlineData("a{b} 1\n", "Expected a =")]
    [InlineData("a{b=c} 1\n", "Expected a \"")]
    [InlineData("a{b=\"c} 1\n", "Expected a \"")]
    [InlineData("a{b=\"c\"d=\"e\"} 1\n", "Expected a comma")]
    [InlineData("a{b=\"c\"\n", "Expected a comma")]
    [InlineData("a{,} 1\n", "Expected a name")]
    [InlineData("a{b:c=\"d\"} 1\n", "Expected a =")]
    [InlineData("a{b=\"\\t\"} 1\n", "\\t is not an escape sequence")]
    [InlineData("a{b=\"1\",b=\"2\"} 1\n", "The label b occurs twice")]
    [InlineData("a 1\na 2\n", "occurs twice")]
    [InlineData("a{b=\"1\",c=\"2\"} 1\na{c=\"2\",b=\"1\"} 1\n", "occurs twice")]
    [InlineData("a 1\nb 1\na{c=\"d\"} 1\n", "The lines of a are not all together")]
    [InlineData("# HELP a x\n# HELP a x\n", "a has a second HELP")]
    [InlineData("# HELP a \\\"\n", "\\\" is not an escape sequence")]
    [InlineData("# TYPE a gauge\n# TYPE a gauge\n", "a has a second TYPE")]
    [InlineData("# TYPE a gouge\n", "\"gouge\" is not a type")]
    [InlineData("a 1\n# TYPE a gauge\n", "comes after its first sample")]
    [InlineData("a 1\n# HELP a late\n", "comes after its first sample")]
    [InlineData("# HELP a{} x\n", "a space after the name")]
    [InlineData("a 1e999\n", "Expected a number")]
    [InlineData("# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# HELP a late\n", "The lines of a are not all together")]
    [InlineData(
        "# TYPE a summary\na_sum 1\na_count 1\n# TYPE a_sum gauge\n",
        "a_sum is already a sample name of the summary a")]
    public void A_text_that_breaks_a_rule_is_refused(string text, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<ScrapeFormatException>(() => ParsedScrape.Prometheus(text)).Rule,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("h_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n", "has no last bucket +Inf")]
    [InlineData("h_sum 1\nh_count 1\n", "has no last bucket +Inf")]
    [InlineData("h_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n", "must be cumulative")]
    [InlineData(
        "h_bucket{le=\"2\"} 1\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n",
        "must be in increasing order")]
    [InlineData("h_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 2\n", "must equal the bucket +Inf, 1")]
    [InlineData("h_bucket{le=\"+Inf\"} 1\nh_sum 1\n", "h_count must occur once")]
    [InlineData("h_bucket{le=\"+Inf\"} 1\nh_count 1\n", "h_sum must occur once")]
    [InlineData("h_bucket{le=\"+Inf\"} 1.5\nh_sum 1\nh_count 1.5\n", "must be a whole number")]
    [InlineData("h_bucket 1\nh_sum 1\nh_count 1\n", "must have a label le")]
    public void A_histogram_that_contradicts_itself_is_refused(string lines, string reason) =>
        AssertRefused("# TYPE h histogram\n" + lines, reason);

    [Theory]
    [InlineData("s 1\ns_sum 1\ns_count 1\n", "its label quantile must be a number")]
    [InlineData("s{quantile=\"x\"} 1\n", "its label quantile must be a number")]
    [InlineData("s{quantile=\"0.9\"} 1\ns{quantile=\"0.5\"} 1\n", "Quantiles must be in increasing order")]
    public void A_summary_whose_quantiles_are_none_is_refused(string lines, string reason) =>
        AssertRefused("# TYPE s summary\n" + lines, reason);

    [Fact]
    public void Quoted_names_are_read_only_if_they_are_allowed()
    {
        const string Text = """
            # HELP "my.name" Help.
            # TYPE "my.name" counter
            {"my.name"} 1
            {"my.name", "label.x"="a\"b", y="z",} 2
            plain{"label.x"="v"} 3
            {"plain_as_well",} 4

            """;
        var scrape = ParsedScrape.Prometheus(Text.ReplaceLineEndings("\n"), quotedNames: true);
        Assert.Equal(
            [("my.name", "counter"), ("plain", "untyped"), ("plain_as_well", "untyped")],
            scrape.Families.Select(family => (family.Name, family.Type)));
        Assert.Equal([new("label.x", "a\"b"), new("y", "z")], scrape.Families[0].Samples[1].Labels);
        Assert.Equal(scrape, ParsedScrape.Parse(Text.ReplaceLineEndings("\n")));
        AssertRefused(Text.ReplaceLineEndings("\n"), "Expected a name");
    }

    [Theory]
    [InlineData("{} 1\n", "Expected a name in quotes")]
    [InlineData("{a=\"b\"} 1\n", "Expected a name in quotes")]
    [InlineData("{\"a\"=\"b\"} 1\n", "must be the name of the metric")]
    [InlineData("{\"\"} 1\n", "A name must not be empty")]
    [InlineData("{\"a\" \"b\"=\"c\"} 1\n", "Expected a comma or a closing brace")]
    [InlineData("{\"a\",\"b\"} 1\n", "Expected a =")]
    [InlineData("\"a\" 1\n", "Expected a name")]
    public void Names_in_quotes_have_their_place(string text, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<ScrapeFormatException>(() => ParsedScrape.Prometheus(text, quotedNames: true)).Rule,
            StringComparison.Ordinal);

    [Fact]
    public void An_error_shows_the_line_and_the_rule()
    {
        var error = Assert.Throws<ScrapeFormatException>(() => ParsedScrape.Prometheus("a 1\nb{c=\"d\" 2\n"));
        Assert.Equal("Line 2: Expected a comma or a closing brace, not 2. The line: b{c=\"d\" 2", error.Message);
        Assert.Equal(
            (2, "b{c=\"d\" 2", "Expected a comma or a closing brace, not 2"),
            (error.LineNumber, error.Line, error.Rule));
    }

    private static void AssertRefused(string text, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<ScrapeFormatException>(() => ParsedScrape.Prometheus(text)).Rule,
            StringComparison.Ordinal);
}
