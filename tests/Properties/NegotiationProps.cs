using Instrumentator.Properties.Reference;
using Microsoft.Extensions.Primitives;

namespace Instrumentator.Properties;

/// <summary>The format that an Accept header selects.</summary>
public class NegotiationProps
{
    private const string Text = "text/plain";
    private const string Open = "application/openmetrics-text";
    private const string Proto = "application/vnd.google.protobuf";

    [Theory]
    // Prometheus 3: by default, with native histograms, without OpenMetrics.
    [InlineData(
        Open,
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
        + "application/openmetrics-text;version=0.0.1;q=0.4,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1")]
    [InlineData(
        Proto,
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
        + "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
        + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2")]
    [InlineData(Text, "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.4")]
    // Prometheus 2, newest version first.
    [InlineData(
        Open,
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
        + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1")]
    [InlineData(Text, "application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1")]
    [InlineData(Text, "text/plain;version=0.0.4;q=1,*/*;q=0.1")]
    // Readers of protobuf and text, curl, two browsers, Java's URLConnection.
    [InlineData(
        Proto,
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,"
        + "text/plain;version=0.0.4;q=0.3")]
    [InlineData(Text, "*/*")]
    [InlineData(Text, "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8")]
    [InlineData(
        Text,
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
        + "application/signed-exchange;v=b3;q=0.7")]
    [InlineData(Text, "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2")]
    public void Known_readers_get_their_preferred_format(string type, string header) => AssertChosen(type, header);

    [Theory]
    // Prometheus 3.
    [InlineData(
        "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8",
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
        + "application/openmetrics-text;version=0.0.1;q=0.4,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1")]
    [InlineData(
        "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores",
        "application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.5,"
        + "text/plain;version=1.0.0;escaping=underscores;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1")]
    [InlineData(
        "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8",
        "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.4")]
    [InlineData(
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
        + "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,*/*;q=0.2")]
    [InlineData(
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; escaping=values",
        "application/vnd.google.protobuf;encoding=delimited;proto=io.prometheus.client.MetricFamily;escaping=values")]
    // Prometheus 2.
    [InlineData(
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
        + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1")]
    [InlineData("text/plain; version=0.0.4; charset=utf-8", "text/plain;version=0.0.4;q=1,*/*;q=0.1")]
    // Formats, schemes or versions that are unsupported or missing.
    [InlineData(
        "text/plain; version=0.0.4; charset=utf-8",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text")]
    [InlineData(
        "text/plain; version=0.0.4; charset=utf-8",
        "application/vnd.google.protobuf;proto=x;encoding=delimited")]
    [InlineData("text/plain; version=0.0.4; charset=utf-8", "text/plain;version=0.0.4;escaping=allow-utf-8")]
    [InlineData("text/plain; version=0.0.4; charset=utf-8; escaping=dots", "text/plain;version=0.0.4;escaping=dots")]
    [InlineData("text/plain; version=1.0.0; charset=utf-8; escaping=underscores", "text/plain;version=1.0.0")]
    [InlineData(
        "text/plain; version=1.0.0; charset=utf-8; escaping=underscores",
        "text/plain;version=1.0.0;escaping=allow")]
    public void The_response_has_the_exact_content_type(string contentType, string header)
    {
        Assert.Equal(contentType, Accept.Choose(header).ContentType);
        Assert.Equal(contentType, NaiveAccept.Choose(header).ContentType);
    }

    [Theory]
    [InlineData(Open, "application/openmetrics-text")]
    [InlineData(Open, "Application/OpenMetrics-Text; Version=1.0.0; Charset=utf-8; Q=1")]
    [InlineData(Open, "application/openmetrics-text;version=\"1.0.0\"")]
    [InlineData(Open, "application/*")]
    [InlineData(Open, "text/plain;q=0.5, application/*")]
    [InlineData(Open, "application/openmetrics-text;q=0.5, */*;q=0.5")]
    [InlineData(Open, "application/openmetrics-text, text/plain")]
    [InlineData(Open, "application/openmetrics-text;version=0.0.1, application/openmetrics-text;version=1.0.0;q=0.1")]
    [InlineData(Open, "text/plain;q=0, */*;q=0.1")]
    [InlineData(Open, "text/*;q=0.3, text/plain;q=0.2, application/openmetrics-text;q=0.25")]
    [InlineData(Open, "x/y;a=\",text/plain,\", application/openmetrics-text")]
    [InlineData(Open, " , ,application/openmetrics-text")]
    [InlineData(Open, "application/openmetrics-text;q=0.0000000000000001")]
    [InlineData(Text, "text/plain, application/openmetrics-text")]
    [InlineData(Text, "text/*, application/openmetrics-text;q=0.9")]
    [InlineData(Text, "application/openmetrics-text;q=0, */*")]
    [InlineData(Text, "application/openmetrics-text;version=2.0.0")]
    [InlineData(Text, "x/y;a=\",application/openmetrics-text,\"")]
    public void A_header_chooses_by_precision_weight_and_order(string type, string header) =>
        AssertChosen(type, header);

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("image/png")]
    [InlineData("*/*;q=0")]
    [InlineData("*")]
    [InlineData("/*")]
    [InlineData("openmetrics-text")]
    [InlineData("application/openmetrics-text;q=0")]
    [InlineData("application/openmetrics-text;q=0.000")]
    [InlineData("application/openmetrics-text;q=high")]
    [InlineData("application/openmetrics-text;q=-1")]
    [InlineData("application/openmetrics-text;q=2")]
    [InlineData("application/openmetrics-text;q=NaN")]
    [InlineData("application/openmetrics-text;q=1e-1")]
    [InlineData("application/openmetrics-text;q=0.00000000000000000000000001")]
    [InlineData("\"application/openmetrics-text")]
    public void Malformed_and_unsupported_headers_get_the_Prometheus_text_format(string header) =>
        AssertChosen(Text, header);

    [Fact]
    public void A_request_without_the_header_gets_the_Prometheus_text_format()
    {
        Assert.Same(ExpositionFormat.Prometheus, Accept.Choose(default));
        Assert.Same(ExpositionFormat.Prometheus, Accept.Choose(new StringValues([null, ""])));
    }

    [Property]
    public Property Several_header_lines_are_one_list() =>
        Prop.ForAll(
            Arb.From(Generators.AcceptHeaders.ListOf()),
            lines => Assert.Same(NaiveAccept.Choose([.. lines]), Accept.Choose(new StringValues([.. lines]))));

    [Property(MaxTest = 3_000)]
    public void Negotiation_matches_the_naive_reference(AcceptHeader header) =>
        Assert.Same(NaiveAccept.Choose(header.Value), Accept.Choose(header.Value));

    [Property]
    public void Any_text_at_all_chooses_some_format(HostileText text) =>
        Assert.Same(
        NaiveAccept.Choose(text.Value[..Math.Min(text.Value.Length, 2_000)]),
        Accept.Choose(text.Value[..Math.Min(text.Value.Length, 2_000)]));

    [Fact]
    public void What_stands_behind_thousands_of_items_or_characters_is_not_read()
    {
        AssertChosen(Open, string.Concat(Enumerable.Repeat("x/y,", 31)) + Open);
        AssertChosen(Text, string.Concat(Enumerable.Repeat("x/y,", 32)) + Open);
        AssertChosen(Text, new string('x', 1 << 20) + "," + Open);
        Assert.Same(
            ExpositionFormat.Prometheus,
            Accept.Choose(new StringValues([.. Enumerable.Repeat("x/y", 32), Open])));
    }

    private static void AssertChosen(string type, string header)
    {
        Assert.StartsWith(type, Accept.Choose(header).ContentType, StringComparison.Ordinal);
        if (header.Length < 2_000)
            Assert.StartsWith(type, NaiveAccept.Choose(header).ContentType, StringComparison.Ordinal);
    }
}
