using System.Text.RegularExpressions;

namespace Instrumentator.Properties;

/// <summary>The layout shows the way of a request, and arrows point one way: nothing left of Info knows a registry, nothing right of it knows HTTP.</summary>
public partial class ArrowTests
{
    private static readonly string[] _left = ["Configuration", "Requests"];
    private static readonly string[] _middle = ["Pipeline", "Metrics", "Recording"];
    private static readonly string[] _right = ["Registry", "Storage", "Scrapes", "Exposition"];

    // The member of an enum has the name of a type.
    private static readonly (string File, string Name)[] _namesakes = [("HandlerTemplate.cs", "Names")];

    private static string Core => Path.Combine(Repository.Root, "src", "Instrumentator.Core.CSharp");

    [Fact]
    public void Nothing_left_of_Info_knows_what_is_done_with_it() => AssertNoneKnows(_left, [.. _middle, .. _right]);

    [Fact]
    public void Nothing_right_of_the_metric_functions_knows_requests() => AssertNoneKnows(_right, [.. _left, .. _middle]);

    [Fact]
    public void What_is_measured_is_known_to_nobody_but_those_who_run_it() => AssertNoneKnows(["Pipeline", "Metrics"], ["Recording", "Exposition"]);

    [Fact]
    public void Every_folder_stands_in_the_way() => Assert.Equal(
        _left.Concat(_middle).Concat(_right).Order(StringComparer.Ordinal),
        Directory.EnumerateDirectories(Core).Select(folder => Path.GetFileName(folder)!).Except(["bin", "obj"]).Order(StringComparer.Ordinal));

    private static void AssertNoneKnows(string[] folders, string[] unknown)
    {
        var types = unknown.SelectMany(Files).SelectMany(file => Declaration().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value)).ToHashSet(StringComparer.Ordinal);
        Assert.Contains(folders.SelectMany(Files), _ => true);
        Assert.NotEmpty(types);
        var known = from file in folders.SelectMany(Files)
                    from Match match in Identifier().Matches(Remark().Replace(File.ReadAllText(file), ""))
                    let name = match.Groups["name"].Value
                    where types.Contains(name) && !_namesakes.Contains((Path.GetFileName(file), name))
                    select $"{Path.GetFileName(file)} knows {name}";
        Assert.Empty(known.Distinct());
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(Path.Combine(Core, folder), "*.cs", SearchOption.AllDirectories);

    // Types stand at the margin; what is inside of them is indented. Parts of a partial class are found by its name all the same.
    [GeneratedRegex(@"^(?:public|internal) [a-z ]*?(?:class|struct|record|enum|interface) (?:struct |class )?(?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(?<![\w.])(?<name>[A-Z]\w*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Identifier();

    [GeneratedRegex("//.*|\"[^\"\n]*\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Remark();
}
