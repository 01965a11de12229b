namespace Instrumentator.Testing;

/// <summary>The reader of expected texts in source code. Lines may be indented and have the source file's line
/// endings.</summary>
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

    // Label values and help texts contain no line feeds, so whitespace before a line is not part of one.
    private static string[] Lines(string text)
    {
        string[] lines =
        [
            .. WithoutReturns(text.Split('\n'))
                .Select(line => line.TrimStart(' ', '\t'))
                .SkipWhile(line => line.Length == 0)
        ];
        return lines[..(Array.FindLastIndex(lines, line => line.Length > 0) + 1)];
    }

    // A carriage return may be part of a value; if all lines end in one, it is part of the line ending.
    private static IEnumerable<string> WithoutReturns(string[] lines) =>
        lines.SkipLast(1).All(line => line.EndsWith('\r'))
            ? lines.Select(line => line.EndsWith('\r') ? line[..^1] : line)
            : lines;
}
