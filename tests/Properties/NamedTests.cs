using System.Text.RegularExpressions;

namespace Instrumentator.Properties;

/// <summary>The tests that a page of the documentation names, such as
/// <c>Endpoints/LabelTests.A_request_that_matches_nothing_is_one_handler</c>.</summary>
internal static partial class NamedTests
{
    // Names of test methods have underscores; in F#, they are between double backticks.
    private static readonly HashSet<string> _tests =
    [
        .. from source in Sources("tests")
           let project = source.Path.Split(Path.DirectorySeparatorChar)[1]
           from type in Type().Matches(source.Text)
           from method in Method().Matches(source.Text)
           select $"{project}/{type.Groups["name"].Value}.{method.Groups["name"].Value}",
    ];

    /// <summary>Returns the names of tests in a text.</summary>
    public static string[] In(string text) =>
    [
        .. Span().Matches(text).Select(match => match.Groups["code"].Value).Where(span => NamedTest().IsMatch(span)),
    ];

    public static void AssertExists(string test) => Assert.True(_tests.Contains(test), $"There is no test {test}.");

    /// <summary>Returns all source files of a folder of the repository.</summary>
    public static IEnumerable<(string Path, string Text)> Sources(string folder) =>
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Repository.Root, file)
        where Path.GetExtension(file) is ".cs" or ".fs"
            && !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")
        select (path, File.ReadAllText(file));

    [GeneratedRegex("`(?<code>[^`\n]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Span();

    [GeneratedRegex(@"\b(class|module) (?<name>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Type();

    [GeneratedRegex(
        @"\bpublic [^\n(]*?\b(?<name>[A-Z]\w*_\w+)\(|\blet ``(?<name>[^`\n]+)``",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Method();

    [GeneratedRegex(@"^[A-Z]\w+/\w+\.\w+[ _].+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamedTest();
}
