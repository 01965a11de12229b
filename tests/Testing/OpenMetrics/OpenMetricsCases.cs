using Instrumentator.Testing;

namespace Instrumentator.Tests;

/// <summary>The parser agrees with the test data of the OpenMetrics project.</summary>
public class OpenMetricsCases
{
    /// <summary>The cases for which the parser disagrees, with the reasons.</summary>
    private static readonly Dictionary<string, string> _disagreements = new(StringComparer.Ordinal)
    {
        ["help_escaping"] =
            "One of its help texts has a quote that is not escaped. The ABNF has it as an escaped-string, without "
                + "exception, and takes precedence over all else.",
    };

    private static readonly Dictionary<string, (bool IsRead, string Text)> _cases = Load();

    public static TheoryData<string> Names => [.. _cases.Keys];

    [Fact]
    public void All_cases_are_loaded() =>
        Assert.Equal((211, 44), (_cases.Count, _cases.Values.Count(one => one.IsRead)));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_text_is_read_or_refused_as_in_the_test_data(string name)
    {
        var (isRead, text) = _cases[name];
        Assert.Equal(
            isRead != _disagreements.ContainsKey(name),
            Record.Exception(() => ParsedScrape.OpenMetrics(text)) is not ScrapeFormatException);
    }

    [Fact]
    public void The_text_of_the_disagreement_is_read_if_its_quote_is_escaped()
    {
        var text = _cases["help_escaping"].Text;
        var error = Assert.Throws<ScrapeFormatException>(() => ParsedScrape.OpenMetrics(text));
        Assert.Equal("# HELP a9 \\\\\"", error.Line);
        Assert.Equal(
            "\\\"",
            ParsedScrape
                .OpenMetrics(text.Replace(error.Line, "# HELP a9 \\\\\\\"", StringComparison.Ordinal))
                .Families[^1]
                .Help);
    }

    private static Dictionary<string, (bool IsRead, string Text)> Load()
    {
        var cases = new Dictionary<string, (bool IsRead, string Text)>(StringComparer.Ordinal);
        var name = "";
        foreach (
            var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "OpenMetrics", "cases.txt"))
                .Where(line => line is not ("" or ['#', ..])))
        {
            if (line[0] is '|' or '!')
            {
                cases[name] = cases[name] with
                {
                    Text = cases[name].Text + Shown(line[1..]) + (line[0] == '|' ? "\n" : ""),
                };
            }
            else
            {
                cases.Add(name = line.Split(':')[0], (line.EndsWith(": read", StringComparison.Ordinal), ""));
            }
        }
        return cases;
    }

    private static string Shown(string line) => line.Replace('␠', ' ').Replace('␉', '\t').Replace('␀', '\0');
}
