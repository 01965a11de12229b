namespace Instrumentator.Testing;

/// <summary>Reads expected texts, which stand in source code: lines may be indented, and end as the source file's do.</summary>
internal static class ExpectedText
{
    public static ParsedScrape Parse(string text)
    {
        try
        {
            return ParsedScrape.Parse(string.Join('\n', Lines(text)) + "\n");
        }
        catch (ScrapeFormatException e)
        {
            throw new ArgumentException($"The expected text is invalid. {e.Message}", nameof(text), e);
        }
    }

    // A label's value or a help text has no line feeds of its own, so what stands before a line is none of it.
    private static string[] Lines(string text)
    {
        string[] lines = [.. WithoutReturns(text.Split('\n')).Select(line => line.TrimStart(' ', '\t')).SkipWhile(line => line.Length == 0)];
        return lines[..(Array.FindLastIndex(lines, line => line.Length > 0) + 1)];
    }

    // A value may have a carriage return of its own; where all lines end in one, it is the file's.
    private static IEnumerable<string> WithoutReturns(string[] lines) =>
        lines.SkipLast(1).All(line => line.EndsWith('\r')) ? lines.Select(line => line.EndsWith('\r') ? line[..^1] : line) : lines;
}
