using System.Text;
using Instrumentator.Properties.Reference;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>The reader parses the text of another library, or refuses it with an error that shows the invalid
/// line.</summary>
public class ReadingProps
{
    [Property(MaxTest = 500)]
    public Property Text_in_the_form_of_prometheus_net_is_read_back() =>
        Prop.ForAll(
            Arb.From(ForeignScrapes.Snapshots),
            snapshot => Assert.Equal(snapshot.Families.Select(AsText), Read(CollectorWriter.Write(snapshot))));

    [Property]
    public Property The_order_of_the_lines_of_a_family_does_not_matter() =>
        Prop.ForAll(
            Arb.From(
                from snapshot in ForeignScrapes.Snapshots
                from lines in InAnyOrder(CollectorWriter.Lines(snapshot))
                select (Snapshot: snapshot, Text: string.Join('\n', lines))),
            one => Assert.Equal(one.Snapshot.Families.SelectMany(SeriesOf), Read(one.Text).SelectMany(SeriesOf)));

    [Property(MaxTest = 3_000)]
    public Property Any_bytes_give_families_that_can_be_written_or_a_FormatException() =>
        Prop.ForAll(Arb.From(ForeignScrapes.BrokenTexts), bytes =>
        {
            try
            {
                ExpositionFormat.Prometheus.ToText(new Snapshot(OpenMetricsReader.Read(bytes)));
            }
            catch (FormatException e)
            {
                Assert.Matches("^This (line is not valid OpenMetrics|series has no bucket)", e.Message);
            }
        });

    [Fact]
    public void Some_broken_texts_are_read_and_some_are_refused()
    {
        // Otherwise the property above would test only one outcome.
        var verdicts = ForeignScrapes.BrokenTexts.Sample(500)
            .Select(bytes => Xunit.Record.Exception(() => OpenMetricsReader.Read(bytes)) is null)
            .ToArray();
        Assert.InRange(verdicts.Count(isRead => isRead), 25, 475);
    }

    [Fact]
    public void A_scrape_of_prometheus_net_is_read() => Assert.Equal(
        [
            new(new("orders_total", "Orders taken.", MetricKind.Counter, ["country"], []),
            [
                new(
                    new LabelSet(["country"], ["DE \"\\\n"]),
                    new SampleValue.Counter(3)
                    {
                        Exemplar = new([("trace_id", "0af7"), ("span_id", "b7ad")], 1, 1697000000.25),
                    }),
                new(new LabelSet(["country"], ["FR"]), new SampleValue.Counter(0.5)),
            ]),
            new(new("orders", "", MetricKind.Unknown, [], []), [new(LabelSet.Empty, new SampleValue.Gauge(2))]),
            new(new("waiting", "Jobs that wait.", MetricKind.Gauge, ["queue"], []), []),
            new(
                new("load", "Load.", MetricKind.Gauge, [], []),
                [new(LabelSet.Empty, new SampleValue.Gauge(double.NaN))]),
            new(
                new("jobs_seconds", "Time a job took.", MetricKind.Histogram, ["kind"], [0.1, 1, 1e6]),
                [
                    new(
                        new LabelSet(["kind"], ["a"]),
                        new SampleValue.Histogram([1, 1, 0, 1], 1e21)
                        {
                            Exemplars = [null, null, null, new([("trace_id", "0af7")], 1e21, 1697000000.25)],
                        }),
                ]),
            new(
                new("upload_bytes", "Size.", MetricKind.Summary, [], []),
                [
                    new(
                        LabelSet.Empty,
                        new SampleValue.Summary(2, 30) { Quantiles = [new(0.5, 10), new(0.99, double.NaN)] }),
                ]),
        ],
        WithLabels(Read("""
            # HELP orders Orders taken.
            # TYPE orders counter
            orders_total{country="DE \"\\\n"} 3.0 # {trace_id="0af7",span_id="b7ad"} 1.0 1697000000.25
            orders_total{country="FR"} 0.5
            # HELP orders 
            # TYPE orders unknown
            orders 2.0
            # HELP waiting Jobs that wait.
            # TYPE waiting gauge
            # HELP load Load.
            # TYPE load gauge
            load NaN
            # HELP jobs_seconds Time a job took.
            # TYPE jobs_seconds histogram
            jobs_seconds_sum{kind="a"} 1e+21
            jobs_seconds_count{kind="a"} 3
            jobs_seconds_bucket{kind="a",le="0.1"} 1
            jobs_seconds_bucket{kind="a",le="1.0"} 2
            jobs_seconds_bucket{kind="a",le="1000000.0"} 2
            jobs_seconds_bucket{kind="a",le="+Inf"} 3 # {trace_id="0af7"} 1e+21 1697000000.25
            # HELP upload_bytes Size.
            # TYPE upload_bytes summary
            upload_bytes_sum 30.0
            upload_bytes_count 2
            upload_bytes{quantile="0.5"} 10.0
            upload_bytes{quantile="0.99"} NaN
            # EOF
            """)));

    [Theory]
    [InlineData(
        "# HELP x A.\n# TYPE x gauge\nx 1\n# HELP x B.\n# TYPE x counter\nx_total 2\n",
        "x Gauge A. 1",
        "x_total Counter B. 1")]
    [InlineData(
        "# HELP x A.\n# TYPE x gauge\n# HELP x B.\n# TYPE x counter\nx_total 2\n",
        "x Gauge A. 0",
        "x_total Counter B. 1")]
    [InlineData(
        "# HELP x A.\n# TYPE x counter\n# HELP x B.\n# TYPE x gauge\nx 2\n",
        "x_total Counter A. 0",
        "x Gauge B. 1")]
    public void A_gauge_and_a_counter_whose_names_differ_by_the_suffix_are_two_families(
        string text, string first, string second) => Assert.Equal(
        [first, second],
        Read(text).Select(family =>
            $"{family.Definition.Name} {family.Definition.Kind} {family.Definition.Help} {family.Samples.Count}"));

    [Theory]
    [InlineData("x")]
    [InlineData("x ")]
    [InlineData("x one")]
    [InlineData("x 1,5")]
    [InlineData("x 0x10")]
    [InlineData("x Infinity")]
    [InlineData(" 1")]
    [InlineData("é 1")]
    [InlineData("1x 1")]
    [InlineData("b\"} 0.5 123.4")]
    [InlineData("x{a=\"b\"}")]
    [InlineData("x{a=\"b\" 1")]
    [InlineData("x{a=\"b} 1")]
    [InlineData("x{a=\"b\\\"} 1")]
    [InlineData("x{a=b} 1")]
    [InlineData("x{=\"b\"} 1")]
    [InlineData("x{a b=\"c\"} 1")]
    [InlineData("x{a:b=\"c\"} 1")]
    [InlineData("x{a=\"b\",a=\"c\"} 1")]
    [InlineData("# TYPE x-y gauge")]
    [InlineData("# TYPE  gauge")]
    [InlineData("h_bucket{le=\"one\"} 1")]
    [InlineData("h_bucket{le=\"NaN\"} 1")]
    [InlineData("h_bucket{le=\"-Inf\"} 1")]
    [InlineData("h_bucket{le=\"1.0\",le=\"2.0\"} 1")]
    public void An_invalid_line_is_refused_and_shown(string line)
    {
        var refusal = Assert.Throws<FormatException>(() => Read($"# TYPE a gauge\na 1\n# TYPE h histogram\n{line}\n"));
        Assert.StartsWith("This line is not valid OpenMetrics (", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("): " + line, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_histogram_without_its_last_bucket_is_refused_and_shown()
    {
        var refusal = Assert.Throws<FormatException>(
            () => Read("# TYPE h histogram\nh_bucket{a=\"b\",le=\"1.0\"} 1\nh_sum{a=\"b\"} 1\n"));
        Assert.Equal("This series has no bucket +Inf, which every histogram has: h{a=\"b\"}", refusal.Message);
    }

    [Theory]
    [InlineData("# {trace_id=\"a\"b\"} 1 2")]
    [InlineData("# {trace_id=\"a\\\"} 1 2")]
    [InlineData("# {trace_id=\"a")]
    [InlineData("# {trace_id=\"a\"}")]
    [InlineData("# {trace_id=\"a\"} one")]
    [InlineData("# {trace_id=\"a\"} 1 two")]
    [InlineData("# a} 1")]
    [InlineData("# 1")]
    public void A_broken_exemplar_is_left_out_and_its_sample_stays(string exemplar)
    {
        var families = Read(
            $"# TYPE x counter\nx_total{{a=\"b # {{\"}} 5 {exemplar}\n"
            + $"# TYPE h histogram\nh_bucket{{le=\"+Inf\"}} 6 {exemplar}\nh_sum 7\n");
        Assert.Equal(
            [new SampleValue.Counter(5), new SampleValue.Histogram([6], 7)],
            families.Select(family => family.Samples.Single().Value));
        Assert.Equal("b # {", families[0].Samples.Single().Labels.Values.Single());
    }

    [Fact]
    public void Units_comments_creation_times_and_timestamps_are_left_out() => Assert.Equal(
        Read("# TYPE x_seconds counter\nx_seconds_total 5\n"),
        Read(
            "# a comment\n#\n# TYPE x_seconds counter\n# UNIT x_seconds seconds\n\n"
            + "x_seconds_total 5 1697000000.25\nx_seconds_created 1697000000\n# EOF\n"));

    [Fact]
    public void A_text_with_the_suffix_in_the_name_of_the_family_is_read_too() => Assert.Equal(
        new FamilyDefinition("x_total", "A \\d\nb", MetricKind.Counter, [], []),
        Read("# HELP x_total A \\d\\nb\n# TYPE x_total counter\nx_total 5\n").Single().Definition);

    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("a\\\\b\\nc\\\"", "a\\b\nc\"")]
    [InlineData("\\x", "\\x")]
    [InlineData("\\", "\\")]
    [InlineData("a\\\\\\", "a\\\\")]
    public void Only_known_escape_sequences_are_replaced(string escaped, string text) =>
        Assert.Equal(text, EscapedText.Undo(escaped));

    private static ValueList<FamilySnapshot> Read(string text) => OpenMetricsReader.Read(Encoding.UTF8.GetBytes(text));

    /// <summary>Returns a family as its text can express it: without series, it has neither labels nor
    /// buckets.</summary>
    private static FamilySnapshot AsText(FamilySnapshot family)
    {
        var definition = family.Definition with { Help = SlowWriter.Clean(family.Definition.Help) };
        return family with
        {
            Definition = family.Samples.Count > 0 ? definition : definition with { LabelNames = [], Buckets = [] },
        };
    }

    // The expected families have all their labels, even a family without series.
    private static IEnumerable<FamilySnapshot> WithLabels(IEnumerable<FamilySnapshot> families) =>
        families.Select(family => family.Definition.Name == "waiting"
            ? family with { Definition = family.Definition with { LabelNames = ["queue"] } }
            : family);

    /// <summary>Returns each series on its own, ordered by labels.</summary>
    private static IEnumerable<(string Family, string Labels, SampleValue Value)> SeriesOf(FamilySnapshot family) =>
        from sample in family.Samples.OrderBy(sample => sample.Labels.ToString(), StringComparer.Ordinal)
        select (AsText(family).Definition.Name, sample.Labels.ToString(), sample.Value switch
        {
            SampleValue.Histogram histogram =>
                histogram with { Buckets = histogram.Buckets ?? family.Definition.Buckets },
            SampleValue.Summary summary =>
                summary with { Quantiles = ValueList.From(summary.Quantiles.OrderBy(one => one.Rank)) },
            var value => value,
        });

    private static Gen<IEnumerable<string>> InAnyOrder(
        IEnumerable<(string[] Description, string[] Samples)> families) =>
        families.Aggregate(
            Gen.Constant(Enumerable.Empty<string>()),
            (all, family) =>
                from before in all
                from shuffled in Gen.Shuffle(family.Samples)
                from first in Gen.Elements(true, false)
                select before.Concat(family.Description).Concat(first ? shuffled.Select(OwnLabelFirst) : shuffled));

    // Writes a="1",le="2" as le="2",a="1". The other labels keep their order, as in every line of a series.
    private static string OwnLabelFirst(string line)
    {
        var (start, own) = (line.IndexOf('{'), line.LastIndexOf(",le=\"", StringComparison.Ordinal));
        var end = own < 0 ? -1 : line.IndexOf("\"} ", own, StringComparison.Ordinal);
        return end < 0
            ? line
            : $"{line[..(start + 1)]}{line[(own + 1)..(end + 1)]},{line[(start + 1)..own]}{line[(end + 1)..]}";
    }
}
