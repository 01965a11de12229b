using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Instrumentator.EndToEnd;

/// <summary>What the README says compiles and runs: its code is copied from here and from the samples, and its commands
/// name what there is.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string[] _shells = ["console", "bash", "sh", "shell"];

    [Fact]
    public void There_is_a_README() =>
        Assert.True(
            File.Exists(Readme),
            "README.md is missing at the root of the repository: write it, with its code copied from snippets.");

    [Theory]
    [InlineData("csharp", ".cs")]
    [InlineData("fsharp", ".fs", ".fsx")]
    [InlineData("xml", ".csproj", ".fsproj")]
    public void Code_in_the_documentation_is_a_region_of_a_source_that_is_compiled(
        string language,
        params string[] extensions)
    {
        var snippets = Snippets
            .Sources.SelectMany(Snippets.In)
            .Where(snippet => extensions.Contains(snippet.Extension))
            .ToArray();

        var strangers = Blocks
            .Where(block => block.Language == language && !snippets.Any(snippet => snippet.Code == block.Code))
            .ToArray();

        Assert.True(
            strangers.Length == 0,
            string.Join(
                "\n\n",
                strangers.Select(block =>
                    $"{block.Place}: this is in no source. Put it between `// snippet:name` and `// endsnippet` in "
                        + $"samples/ or tests/, where it compiles, and copy it from there."
                    + $"\n{block.Code}\nThere are: {string.Join(", ", snippets.Select(snippet => snippet.Name).Order(StringComparer.Ordinal))}")));
    }

    [Fact]
    public void Blocks_in_the_documentation_name_their_language_in_full()
    {
        var unnamed = Blocks
            .Where(block => block.Language is "" or "cs" or "c#" or "C#" or "fs" or "f#" or "F#")
            .ToArray();

        Assert.True(
            unnamed.Length == 0,
            $"Write csharp, fsharp, xml, console, text, … behind the fence: {string.Join(", ", unnamed.Select(block => block.Place))}");
    }

    [Fact]
    public void YAML_in_the_documentation_can_be_read()
    {
        var blocks = Blocks.Where(block => block.Language is "yaml" or "yml").ToArray();

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block =>
        {
            using var text = new StringReader(block.Code);
            new YamlStream().Load(text);
        });
    }

    [Fact]
    public void Every_snippet_has_a_name_of_its_own()
    {
        var names = Snippets.Sources.SelectMany(Snippets.In).Select(snippet => snippet.Name).ToArray();

        Assert.Equal(names.Distinct(), names);
        Assert.Contains("hello", names);
    }

    [Fact]
    public void Commands_that_run_a_project_name_one_that_there_is()
    {
        var projects = Blocks
            .Where(block => _shells.Contains(block.Language))
            .SelectMany(block =>
                ProjectArgument()
                    .Matches(block.Code)
                    .Select(match => (block.Place, Project: match.Groups["project"].Value)));

        Assert.All(
            projects,
            named =>
                Assert.True(
                    IsProject(Path.Combine(Snippets.Root, named.Project)),
                    $"{named.Place}: there is no project {named.Project}."));
    }

    [Fact]
    public void Each_link_leads_to_a_file_and_a_heading_of_the_repository()
    {
        var broken = Links.Where(link => !LeadsSomewhere(link.Page, link.Target)).ToArray();

        Assert.InRange(Links.Count(), 45, int.MaxValue);
        Assert.True(broken.Length == 0, string.Join('\n', broken.Select(link =>
            $"{Path.GetRelativePath(Snippets.Root, link.Page)} links to {link.Target}, which does not exist.")));
    }

    private static IEnumerable<(string Page, string Target)> Links =>
        from page in Snippets.MarkdownFiles
        from link in Link().Matches(File.ReadAllText(page))
        let target = link.Groups["target"].Value
        where !target.Contains("://", StringComparison.Ordinal)
        select (page, target);

    private static bool LeadsSomewhere(string page, string target)
    {
        var (file, heading) = target.Split('#') is [var path, var anchor] ? (path, anchor) : (target, null);
        var linked = file.Length == 0 ? page : Path.GetFullPath(file, Path.GetDirectoryName(page)!);
        return Path.Exists(linked) && (heading is null || Headings(linked).Contains(heading));
    }

    // As GitHub makes the anchor of a heading.
    private static IEnumerable<string> Headings(string page) => File.ReadLines(page)
        .Where(line => line.StartsWith('#'))
        .Select(line => Punctuation().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    private static string Readme => Path.Combine(Snippets.Root, "README.md");

    private static IEnumerable<FencedBlock> Blocks => Snippets.Pages.Where(File.Exists).SelectMany(Snippets.Blocks);

    private static bool IsProject(string path) =>
        (File.Exists(path) && path.EndsWith("proj", StringComparison.Ordinal))
        || (Directory.Exists(path) && Directory.EnumerateFiles(path, "*.*proj").Any());

    [GeneratedRegex(
        @"(?<!\!)\[[^\]]*\]\((?<target>[^)\s]+)\)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Punctuation();

    [GeneratedRegex(
        @"dotnet run\b[^\n]*?--project[ =](?<project>\S+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex ProjectArgument();
}
