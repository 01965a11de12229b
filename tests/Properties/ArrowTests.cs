using System.Text.RegularExpressions;

namespace Instrumentator.Properties;

/// <summary>The folders of the core are the steps of the data flow, and dependencies point one way: nothing before Info
/// uses a registry, and nothing after it uses HTTP.</summary>
public partial class ArrowTests
{
    private static readonly string[] _left = ["Configuration", "Requests"];
    private static readonly string[] _middle = ["Pipeline", "Metrics", "Recording"];
    private static readonly string[] _right = ["Registry", "Storage", "Scrapes", "Exposition"];
    private static readonly string[] _beside = ["Collectors"];

    // Enum members with the name of a type.
    private static readonly (string File, string Name)[] _namesakes = [("HandlerTemplate.cs", "Names")];

    private static string Core => Path.Combine(Repository.Root, "src", "Instrumentator.Core.CSharp");

    [Fact]
    public void Configuration_and_requests_do_not_depend_on_later_folders() =>
        AssertNoneKnows(_left, [.. _middle, .. _right, .. _beside]);

    [Fact]
    public void Registry_storage_and_exposition_do_not_depend_on_earlier_folders() =>
        AssertNoneKnows(_right, [.. _left, .. _middle]);

    [Fact]
    public void Pipelines_and_metrics_do_not_depend_on_recording_or_exposition() =>
        AssertNoneKnows(["Pipeline", "Metrics"], ["Recording", "Exposition"]);

    [Fact]
    public void Only_the_public_face_knows_the_collectors_and_they_know_nothing_of_requests()
    {
        AssertNoneKnows([.. _middle, .. _right], _beside);
        AssertNoneKnows(_beside, [.. _left, .. _middle]);
    }

    [Fact]
    public void Every_folder_of_the_core_is_a_step_of_the_data_flow_or_a_source_beside_it() => Assert.Equal(
        _left.Concat(_middle).Concat(_right).Concat(_beside).Order(StringComparer.Ordinal),
        Directory.EnumerateDirectories(Core)
            .Select(folder => Path.GetFileName(folder)!)
            .Except(["bin", "obj"])
            .Order(StringComparer.Ordinal));

    private static void AssertNoneKnows(string[] folders, string[] unknown)
    {
        var types = unknown.SelectMany(Files)
            .SelectMany(file => Declaration()
                .Matches(File.ReadAllText(file))
                .Select(match => match.Groups["name"].Value))
            .ToHashSet(StringComparer.Ordinal);
        Assert.Contains(folders.SelectMany(Files), _ => true);
        Assert.NotEmpty(types);
        var known = from file in folders.SelectMany(Files)
                    from Match match in Identifier().Matches(Remark().Replace(File.ReadAllText(file), ""))
                    let name = match.Groups["name"].Value
                    where types.Contains(name) && !_namesakes.Contains((Path.GetFileName(file), name))
                    select $"{Path.GetFileName(file)} knows {name}";
        Assert.Empty(known.Distinct());
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Core, folder), "*.cs", SearchOption.AllDirectories);

    // Top-level types start in the first column; nested types are indented. Parts of a partial class share its name.
    [GeneratedRegex(
        @"^(?:public|internal) [a-z ]*?(?:class|struct|record|enum|interface) (?:struct |class )?(?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(?<![\w.])(?<name>[A-Z]\w*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Identifier();

    [GeneratedRegex("//.*|\"[^\"\n]*\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Remark();
}
