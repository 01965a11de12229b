using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Instrumentator.Properties.Reference;
using Instrumentator.Testing;

namespace Instrumentator.Properties;

/// <summary>Names of any text, unescaped and in each escaping scheme, see
/// https://prometheus.io/docs/instrumenting/escaping_schemes/.</summary>
public class NamesProps
{
    private static readonly NameEscaping[] _schemes = Enum.GetValues<NameEscaping>();

    private static readonly (ExpositionFormat Format, NameEscaping Scheme)[] _formats =
    [
        .. from format in ExpositionFormat.All
           from scheme in _schemes
           select (format, scheme)
    ];

    // Known results of Prometheus's own library. No scheme escapes a name that every reader accepts.
    [Theory]
    [InlineData("no:escaping_required", "no:escaping_required", "no:escaping_required", "no:escaping_required")]
    [InlineData(
        "mysystem.prod.west.cpu.load",
        "mysystem_prod_west_cpu_load",
        "mysystem_dot_prod_dot_west_dot_cpu_dot_load",
        "U__mysystem_2e_prod_2e_west_2e_cpu_2e_load")]
    [InlineData(
        "mysystem.prod.west.cpu.load_total",
        "mysystem_prod_west_cpu_load_total",
        "mysystem_dot_prod_dot_west_dot_cpu_dot_load__total",
        "U__mysystem_2e_prod_2e_west_2e_cpu_2e_load__total")]
    [InlineData("http.status:sum", "http_status:sum", "http_dot_status:sum", "U__http_2e_status:sum")]
    [InlineData("label with 😱", "label_with__", "label__with____", "U__label_20_with_20__1f631_")]
    [InlineData("花火", "__", "____", "U___82b1__706b_")]
    [InlineData("label with \u0100", "label_with__", "label__with____", "U__label_20_with_20__100_")]
    [InlineData("1a", "_a", "__a", "U___31_a")]
    public void Known_names_are_escaped_as_in_the_Prometheus_library(
        string name, string underscores, string dots, string values)
    {
        string[] expected = [underscores, dots, values, name];
        Assert.Equal(expected, _schemes.Select(scheme => EscapedName.OfMetric(name, scheme)));
        Assert.Equal(expected, _schemes.Select(scheme => NaiveNames.OfMetric(name, scheme)));
    }

    [Property(MaxTest = 2_000)]
    public void Each_scheme_matches_the_naive_reference(Utf8Name name) =>
        Assert.All(_schemes, scheme =>
        {
            Assert.Equal(NaiveNames.OfMetric(name.Value, scheme), EscapedName.OfMetric(name.Value, scheme));
            Assert.Equal(NaiveNames.OfLabel(name.Value, scheme), EscapedName.OfLabel(name.Value, scheme));
        });

    [Property]
    public void Escaped_names_are_valid_for_every_reader(Utf8Name name) =>
        Assert.All(_schemes[..^1], scheme =>
        {
            Assert.True(NaiveNames.IsPlainMetric(EscapedName.OfMetric(name.Value, scheme)));
            Assert.True(NaiveNames.IsPlainLabel(EscapedName.OfLabel(name.Value, scheme)));
        });

    [Property]
    public Property The_values_scheme_is_reversible() =>
        Prop.ForAll(Arb.From(Generators.Utf8Names.Where(name => !NaiveNames.IsPlainMetric(name))), name =>
        {
            Assert.Equal(name, NaiveNames.UndoValues(EscapedName.OfMetric(name, NameEscaping.Values)));
            Assert.Equal(name, NaiveNames.UndoValues(EscapedName.OfLabel(name, NameEscaping.Values)));
        });

    [Property(MaxTest = 3_000)]
    public Property Two_names_that_are_one_to_some_reader_are_refused() =>
        Prop.ForAll(Arb.From(Gen.Two(Generators.Utf8Names).Where(pair => pair.Item1 != pair.Item2)), pair =>
        {
            var registry = new Registry { AllowUtf8Names = true };
            registry.Gauge(pair.Item1, "Help.");
            var refused = Record.Exception(() => registry.Gauge(pair.Item2, "Help.")) is InvalidOperationException;
            Assert.True(refused || !_schemes.Any(
                scheme => NaiveNames.OfMetric(pair.Item1, scheme) == NaiveNames.OfMetric(pair.Item2, scheme)));
        });

    [Property(MaxTest = 3_000)]
    public void Two_labels_that_are_one_to_some_reader_are_refused(Utf8Name first, Utf8Name second)
    {
        var refused = Record.Exception(
            () => new Registry { AllowUtf8Names = true }.Gauge("a", "Help.", first.Value, second.Value))
            is InvalidConfigException;
        Assert.True(refused || !_schemes.Any(
            scheme => NaiveNames.OfLabel(first.Value, scheme) == NaiveNames.OfLabel(second.Value, scheme)));
    }

    [Theory]
    [InlineData("a.b", "a_b")]
    [InlineData("a.b", "a-b")]
    [InlineData("a.b", "U__a_2e_b")]
    [InlineData("a b", "U__a_20_b")]
    public void Colliding_names_are_refused_in_either_order(string one, string other)
    {
        Assert.All([(one, other), (other, one)], pair =>
        {
            var registry = new Registry { AllowUtf8Names = true };
            registry.Gauge(pair.Item1, "Help.");
            Assert.Contains(
                pair.Item1,
                Assert.Throws<InvalidOperationException>(() => registry.Gauge(pair.Item2, "Help.")).Message,
                StringComparison.Ordinal);
            Assert.Throws<InvalidConfigException>(() => registry.Gauge("c", "Help.", pair.Item1, pair.Item2));
        });
    }

    [Theory]
    [InlineData("a_b_bucket")]
    [InlineData("a-b_count")]
    [InlineData("U__a_2e_b")]
    [InlineData("U__a_2e_b_bucket")]
    [InlineData("U__a_2e_b_sum")]
    public void A_name_that_collides_with_an_escaped_sample_name_of_another_family_is_refused(string name)
    {
        var registry = new Registry { AllowUtf8Names = true };
        registry.Histogram("a.b", "Help.", [1]);
        Assert.Throws<InvalidOperationException>(() => registry.Gauge(name, "Help."));
    }

    [Theory]
    [InlineData("..name..")]
    [InlineData("_.name-_")]
    [InlineData(" name ")]
    [InlineData("__name__")]
    public void A_label_that_some_scheme_escapes_to_the_reserved_name_is_refused(string label)
    {
        var refusal = Assert.Throws<InvalidConfigException>(
            () => new Registry { AllowUtf8Names = true }.Gauge("a", "Help.", label));
        Assert.Matches(
            $"^The label name \"{Regex.Escape(label)}\" of a is "
            + "(__name__ after escaping, which is )?reserved for Prometheus: use ",
            refusal.Errors[0]);
    }

    [Property(MaxTest = 200)]
    public void A_format_in_any_scheme_is_read_back_with_the_names_of_that_scheme(Registry registry) =>
        Assert.All(_formats, one =>
        {
            var (format, scheme) = one;
            var chosen = format.With(scheme);
            var output = new ArrayBufferWriter<byte>();
            chosen.Write(registry.Scrape(), output);
            if (format == ExpositionFormat.Protobuf)
                AssertProtobuf(registry.Scrape(), output.WrittenSpan.ToArray(), chosen.Escaping);
            else
                AssertText(registry.Scrape(), Encoding.UTF8.GetString(output.WrittenSpan), chosen);
        });

    [Fact]
    public void Names_with_quotes_backslashes_and_line_feeds_are_quoted_and_escaped()
    {
        var registry = new Registry { AllowUtf8Names = true };
        registry.Gauge("a\"\\\n.b", "Help.", "plain", "c\"\\\n.d").With("1", "2").Set(1);
        registry.Histogram("e.f", "Help.", [1]).Observe(0.5);
        var output = new ArrayBufferWriter<byte>();
        ExpositionFormat.PrometheusUtf8.With(NameEscaping.AllowUtf8).Write(registry.Scrape(), output);
        Assert.Equal(
            """
            # HELP "a\"\\\n.b" Help.
            # TYPE "a\"\\\n.b" gauge
            {"a\"\\\n.b",plain="1","c\"\\\n.d"="2"} 1
            # HELP "e.f" Help.
            # TYPE "e.f" histogram
            {"e.f_bucket",le="1.0"} 1
            {"e.f_bucket",le="+Inf"} 1
            {"e.f_count"} 1
            {"e.f_sum"} 0.5

            """.ReplaceLineEndings("\n"),
            Encoding.UTF8.GetString(output.WrittenSpan));
    }

    private static void AssertProtobuf(Snapshot snapshot, byte[] bytes, NameEscaping scheme) => Assert.Equal(
        snapshot.Families.Select(family => (
            NaiveNames.OfMetric(family.Definition.Name, scheme),
            ValueList.From(family.Samples.Select(sample => LabelsOf(sample, scheme))))),
        ProtobufReader.Read(bytes)
            .Select(family => (family.Name, ValueList.From(family.Metrics.Select(metric => metric.Labels)))));

    private static void AssertText(Snapshot snapshot, string text, ExpositionFormat format)
    {
        var isOpenMetrics = format.ContentType.StartsWith("application/openmetrics", StringComparison.Ordinal);
        var lines = QuotedLines.Read(text).ToArray();
        Assert.Equal(
            snapshot.Families.Select(family => (
                NameIn(family.Definition, format.Escaping, isOpenMetrics),
                family.Definition.Kind.ToString().ToLowerInvariant())),
            lines.Where(line => line.Keyword == "TYPE").Select(line => (line.Name, line.Text)));
        Assert.Equal(Samples(snapshot, format.Escaping), lines.Where(line => line.Keyword.Length == 0));

        var quotedNames = format.Escaping == NameEscaping.AllowUtf8;
        Assert.Equal(
            snapshot.Families.Count,
            (isOpenMetrics ? ParsedScrape.OpenMetrics(text, quotedNames) : ParsedScrape.Prometheus(text, quotedNames))
                .Families.Count);
    }

    private static IEnumerable<QuotedLine> Samples(Snapshot snapshot, NameEscaping scheme) =>
        from family in snapshot.Families
        from sample in family.Samples
        from line in SlowWriter.Lines(sample.Value, family.Definition.Buckets)
        select new QuotedLine(
            "",
            NaiveNames.OfMetric(family.Definition.Name, scheme) + line.Suffix,
            [.. LabelsOf(sample, scheme), .. Added(line.Label)],
            line.Value);

    private static IEnumerable<Label> Added(string? label) =>
        label is null ? [] : [new Label("le", label.Split('"')[1])];

    private static string NameIn(FamilyDefinition family, NameEscaping scheme, bool isOpenMetrics)
    {
        var name = NaiveNames.OfMetric(family.Name, scheme);
        return isOpenMetrics && family.Kind == MetricKind.Counter ? name[..^"_total".Length] : name;
    }

    private static ValueList<Label> LabelsOf(Sample sample, NameEscaping scheme) =>
    [
        .. sample.Labels.Names.Zip(
            sample.Labels.Values,
            (name, value) => new Label(NaiveNames.OfLabel(name, scheme), value)),
    ];
}
