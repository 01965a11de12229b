namespace Instrumentator.EndToEnd.Edge;

/// <summary>The tables of docs/edge.md, which the tests hold to what happens.</summary>
internal static class EdgeTable
{
    public const string Nothing = "nothing";

    /// <summary>Returns the rows below a heading by their first cell, and the other cells without the marks of
    /// code.</summary>
    public static Dictionary<string, string[]> Below(string heading) => File
        .ReadLines(Path.Combine(Snippets.Root, "docs", "edge.md"))
        .SkipWhile(line => line != heading)
        .Skip(1)
        .TakeWhile(line => !line.StartsWith('#'))
        .Where(line => line.StartsWith('|'))
        .Skip(2)
        .Select(Cells)
        .ToDictionary(cells => cells[0], cells => cells[1..], StringComparer.Ordinal);

    private static string[] Cells(string row) =>
        [.. row.Trim('|').Split('|').Select(cell => cell.Replace("`", "", StringComparison.Ordinal).Trim())];
}
