using System.Globalization;

namespace Instrumentator.EndToEnd;

/// <summary>A scrape, read in the simplest way: what stands before the last blank of a line is the series.</summary>
internal sealed class ScrapeText(string text)
{
    private readonly Dictionary<string, double> _samples = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => line[0] != '#')
        .Select(line => (Line: line, Blank: line.LastIndexOf(' ')))
        .ToDictionary(
            at => at.Line[..at.Blank],
            at => double.Parse(at.Line[(at.Blank + 1)..], CultureInfo.InvariantCulture),
            StringComparer.Ordinal);

    public string Text => text;

    /// <summary>The text without the metrics of the process, which change from one scrape to the next.</summary>
    public string TextOfRequests =>
        string.Join('\n', text.Split('\n').Where(line => !IsOfProcess(line.Split(' ').SkipWhile(IsSyntax).First())));

    public int Count => _samples.Count;

    public double this[string series] => _samples[series];

    /// <summary>The series with samples of this name, by what stands between the braces.</summary>
    public Dictionary<string, double> Family(string name) =>
        _samples
            .Where(sample => sample.Key == name || sample.Key.StartsWith(name + '{', StringComparison.Ordinal))
            .ToDictionary(
                sample => sample.Key[name.Length..].Trim('{', '}'),
                sample => sample.Value,
                StringComparer.Ordinal);

    /// <summary>Whether a metric is one that <c>IncludeProcess</c> adds.</summary>
    public static bool IsOfProcess(string name) =>
        name.StartsWith("process_", StringComparison.Ordinal) || name.StartsWith("dotnet_", StringComparison.Ordinal);

    private static bool IsSyntax(string word) => word is "#" or "HELP" or "TYPE";

    public static async Task<ScrapeText> GetAsync(HttpClient client) =>
        new(await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken));
}
