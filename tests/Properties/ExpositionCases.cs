using System.Text;

namespace Instrumentator.Properties;

/// <summary>The text format in examples that a reader can check.</summary>
public class ExpositionCases
{
    [Fact]
    public void A_registry_has_the_same_text_under_every_culture() =>
        Assert.All(["tr-TR", "ar-SA", "de-DE", "fa-IR"], culture => Assert.Equal(
            """
            # HELP Ii_seconds Help.
            # TYPE Ii_seconds histogram
            Ii_seconds_bucket{i="I",le="-0.5"} 0
            Ii_seconds_bucket{i="I",le="1000.5"} 1
            Ii_seconds_bucket{i="I",le="1e+06"} 1
            Ii_seconds_bucket{i="I",le="+Inf"} 1
            Ii_seconds_count{i="I"} 1
            Ii_seconds_sum{i="I"} 1.5

            """.ReplaceLineEndings("\n"),
            Culture.Run(culture, () =>
            {
                var registry = new Registry();
                registry.Histogram("Ii_seconds", "Help.", [-0.5, 1_000.5, 1e6], "i").With("I").Observe(1.5);
                return registry.ToText();
            })));

    [Fact]
    public void Families_without_labels_show_zeros_at_once_and_others_their_HELP_and_TYPE()
    {
        var registry = new Registry();
        registry.Counter("a", "A.");
        registry.Gauge("b", "B.");
        registry.Summary("c", "C.");
        registry.Histogram("d", "D.", [1]);
        registry.Counter("e", "E.", "x");
        registry.Histogram("f", "F.", [1], "x");
        AssertText(registry, """
            # HELP a_total A.
            # TYPE a_total counter
            a_total 0
            # HELP b B.
            # TYPE b gauge
            b 0
            # HELP c C.
            # TYPE c summary
            c_count 0
            c_sum 0
            # HELP d D.
            # TYPE d histogram
            d_bucket{le="1.0"} 0
            d_bucket{le="+Inf"} 0
            d_count 0
            d_sum 0
            # HELP e_total E.
            # TYPE e_total counter
            # HELP f F.
            # TYPE f histogram

            """);
    }

    [Fact]
    public void Families_are_in_registration_order_and_series_in_order_of_first_use()
    {
        var registry = new Registry();
        var z = registry.Gauge("z", "Z.", "x");
        registry.Gauge("a", "A.");
        foreach (var value in new[] { "m", "b", "z", "b", "a" })
            z.With(value).Increment();
        AssertText(registry, """
            # HELP z Z.
            # TYPE z gauge
            z{x="m"} 1
            z{x="b"} 2
            z{x="z"} 1
            z{x="a"} 1
            # HELP a A.
            # TYPE a gauge
            a 0

            """);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("\"", "\\\"")]
    [InlineData("\\", "\\\\")]
    [InlineData("\n", "\\n")]
    [InlineData("\\n", "\\\\n")]
    [InlineData("C:\\DIR\\\"x\"\n", "C:\\\\DIR\\\\\\\"x\\\"\\n")]
    [InlineData("\r\0\u2028", "\r\0\u2028")]
    [InlineData("😀", "😀")]
    public void Known_label_values_are_escaped(string value, string expected) =>
        Assert.Equal($"x=\"{expected}\"", Encoding.UTF8.GetString(new LabelSet(["x"], [value]).Text));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\"quoted\"", "\"quoted\"")]
    [InlineData("a\\b\nc", "a\\\\b\\nc")]
    public void Known_help_texts_are_escaped(string help, string expected)
    {
        var registry = new Registry();
        registry.Gauge("a", help);
        AssertText(registry, $"# HELP a {expected}\n# TYPE a gauge\na 0\n");
    }

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character()
    {
        var registry = new Registry();
        registry.Gauge("a", "x\uDC00", "b").With("\uD800😀\uD800").Set(1);
        AssertText(registry, "# HELP a x\uFFFD\n# TYPE a gauge\na{b=\"\uFFFD😀\uFFFD\"} 1\n");
    }

    [Fact]
    public void Label_texts_that_share_pages_do_not_overlap()
    {
        // Short texts, one text that is longer than a page, and enough texts for several pages.
        var registry = new Registry();
        var (gauge, histogram) = (registry.Gauge("a", "", "b"), registry.Histogram("c", "", [1], "b"));
        string[] many = [.. Enumerable.Range(0, 100).Select(label => $"d{label}")];
        var wide = registry.Gauge("e", "", many);
        var expected = new List<string>();
        for (var i = 0; i < 700; i++)
        {
            var value = new string((char)('a' + (i % 26)), i == 300 ? 1_024 : i);
            if (i == 300)
            {
                wide.With([.. many.Select(_ => value)]).Set(i);
                expected.Add($"e{{{string.Join(',', many.Select(name => $"{name}=\"{value}\""))}}} {i}");
            }
            gauge.With(value).Set(i);
            histogram.With(value).Observe(i);
            expected.Add($"a{{b=\"{value}\"}} {i}");
            expected.Add($"c_bucket{{b=\"{value}\",le=\"1.0\"}} {(i > 1 ? 0 : 1)}");
            expected.Add($"c_bucket{{b=\"{value}\",le=\"+Inf\"}} 1");
            expected.Add($"c_count{{b=\"{value}\"}} 1");
            expected.Add($"c_sum{{b=\"{value}\"}} {i}");
        }
        var lines = registry.ToText().TrimEnd('\n').Split('\n').Where(line => line[0] != '#');
        Assert.Equal(expected.Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_text_page_is_as_large_as_all_pages_before_up_to_32_KiB_unless_a_single_text_is_larger()
    {
        var pages = new TextPages();
        ArraySegment<byte>[] texts = [.. Enumerable.Repeat(100, 1_000).Append(40_000).Append(100).Select(pages.Take)];
        Assert.Equal(
            [100, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 32_768, 32_768, 40_000, 32_768],
            texts.Select(text => text.Array!.Length)
                .Where((length, i) => i == 0 || texts[i].Array != texts[i - 1].Array));
        Assert.All(texts.Zip(texts.Skip(1)), pair => Assert.Equal(
            pair.First.Array == pair.Second.Array ? pair.First.Offset + pair.First.Count : 0,
            pair.Second.Offset));
    }

    [Fact]
    public void Label_sets_are_equal_by_names_and_values()
    {
        Assert.Equal(new LabelSet(["x", "y"], ["1", "\uD800"]), new LabelSet(["x", "y"], ["1", "\uFFFD"]));
        Assert.NotEqual(new LabelSet(["x", "y"], ["1", "2"]), new LabelSet(["x", "y"], ["2", "1"]));
        Assert.NotEqual(new LabelSet(["x"], ["1"]), new LabelSet(["y"], ["1"]));
        Assert.Equal(new LabelSet(["x"], ["1"]).GetHashCode(), new LabelSet(["x"], ["1"]).GetHashCode());
        Assert.Equal("{x=\"1\",y=\"\\\"\"}", new LabelSet(["x", "y"], ["1", "\""]).ToString());
        Assert.Equal("{}", LabelSet.Empty.ToString());
        var refusal = Assert.Throws<ArgumentException>(() => new LabelSet(["x"], ["1", "2"]));
        Assert.StartsWith("There are 1 labels, [x], but 2 values.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Label_sets_replace_values_that_cannot_be_written()
    {
        ValueList<string> clean = ["1", "😀é"[2..]];
        Assert.Same(clean, new LabelSet(["x", "y"], clean).Values);
        Assert.Equal(
            ["\uFFFD", "", "1"],
            new LabelSet(["x", "y", "z"], new ValueList<string>(["\uD800", null!, "1"])).Values);
        Assert.Equal(["", "1"], new LabelSet(["x", "y"], new ValueList<string>([null!, "1"])).Values);
        Assert.Throws<ArgumentNullException>("names", () => new LabelSet(null!, []));
        Assert.Throws<ArgumentNullException>("values", () => new LabelSet([], null!));
    }

    private static void AssertText(Registry registry, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), registry.ToText());
}
