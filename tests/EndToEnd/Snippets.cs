using System.Reflection;
using System.Text.RegularExpressions;

namespace Instrumentator.EndToEnd;

/// <summary>A block of code between fences.</summary>
/// <param name="Place">The file and the line of the fence.</param>
internal sealed record FencedBlock(string Place, string Language, string Code);

/// <summary>A region between <c>snippet:name</c> and <c>endsnippet</c> of a file that is compiled.</summary>
internal sealed record Snippet(string Name, string Extension, string Code);

/// <summary>Reads the documentation's code and the regions of sources that it comes from.</summary>
internal static partial class Snippets
{
    private static readonly string[] _sourceFolders = ["samples", "tests", "ecosystem"];
    private static readonly string[] _builtFolders = ["bin", "obj", "artifacts"];
    private static readonly string[] _extensions = [".cs", ".fs", ".fsx", ".csproj", ".fsproj"];

    public static string Root { get; } =
        typeof(Snippets)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(one => one.Key == "RepoRoot")
            .Value!;

    /// <summary>The README, the pages of <c>docs</c>, and those of the packages.</summary>
    public static IEnumerable<string> Pages =>
        [Path.Combine(Root, "README.md"), .. Files("docs", SearchOption.TopDirectoryOnly, ".md"), .. PackagePages];

    /// <summary>What package sites show of the packages.</summary>
    public static IEnumerable<string> PackagePages =>
        Files("src", SearchOption.AllDirectories, ".md").Where(page => Path.GetFileName(page) == "PACKAGE.md");

    /// <summary>All pages of the repository.</summary>
    public static IEnumerable<string> MarkdownFiles => Files("", SearchOption.AllDirectories, ".md");

    public static IEnumerable<string> Sources =>
        _sourceFolders.SelectMany(folder => Files(folder, SearchOption.AllDirectories, _extensions));

    public static IEnumerable<FencedBlock> Blocks(string page)
    {
        var lines = File.ReadAllLines(page);
        for (var i = 0; i < lines.Length; i++)
        {
            if (Fence().Match(lines[i]) is not { Success: true } fence)
                continue;
            var end = Array.FindIndex(lines, i + 1, line => line.Trim() == fence.Groups["fence"].Value);
            end = end < 0 ? lines.Length : end;
            yield return new FencedBlock(
                $"{Name(page)}:{i + 1}",
                fence.Groups["language"].Value,
                Trimmed(lines[(i + 1)..end]));
            i = end;
        }
    }

    /// <summary>The regions of a file; one that is not closed, or that begins inside another, is an error.</summary>
    public static IEnumerable<Snippet> In(string source)
    {
        var lines = File.ReadAllLines(source);
        for (var i = 0; i < lines.Length; i++)
        {
            if (Begin().Match(lines[i]) is not { Success: true } begin)
                continue;
            var end = Array.FindIndex(lines, i + 1, line => End().IsMatch(line) || Begin().IsMatch(line));
            Assert.True(end > 0 && End().IsMatch(lines[end]), $"{Name(source)}:{i + 1}: the snippet is not closed.");
            yield return new Snippet(
                begin.Groups["name"].Value,
                Path.GetExtension(source),
                Trimmed(lines[(i + 1)..end]));
            i = end;
        }
    }

    /// <summary>Without the indentation that all lines share, blanks at their ends, and empty lines around
    /// them.</summary>
    private static string Trimmed(string[] lines)
    {
        var indentation = lines
            .Where(line => line.Trim().Length > 0)
            .Select(line => line.Length - line.TrimStart().Length)
            .DefaultIfEmpty(0)
            .Min();
        return string.Join('\n', lines.Select(line => line[Math.Min(indentation, line.Length)..].TrimEnd()))
            .Trim('\n');
    }

    private static string Name(string file) => Path.GetRelativePath(Root, file);

    private static IEnumerable<string> Files(string folder, SearchOption depth, params string[] extensions)
    {
        var path = Path.Combine(Root, folder);
        return Directory.Exists(path)
            ? Directory
                .EnumerateFiles(path, "*", depth)
                .Where(file =>
                    extensions.Contains(Path.GetExtension(file))
                    && !Name(file).Split(Path.DirectorySeparatorChar).Intersect(_builtFolders).Any())
            : [];
    }

    [GeneratedRegex(
        "^\\s*(?<fence>`{3,}|~{3,})(?<language>[\\w#+-]*)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fence();

    [GeneratedRegex(
        @"^\s*(//|<!--)\s*snippet:(?<name>[\w-]+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Begin();

    [GeneratedRegex(@"^\s*(//|<!--)\s*endsnippet", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex End();
}
