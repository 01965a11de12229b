using System.Text.RegularExpressions;

namespace Instrumentator.Properties;

/// <summary>The rules of the handler label: route templates, requests without a template, and exclusion.</summary>
public class HandlerProps
{
    // Short, because the regex engine of the reference backtracks.
    private static Gen<string> ShortPaths =>
        from length in Gen.Choose(0, 14)
        from chars in Gen.Elements("/aab1{}.Aéx-n\n".ToCharArray()).ArrayOf(length)
        from path in Gen.Elements(
            new string(chars),
            "/" + new string(chars),
            "/admin",
            "/Admin/x",
            "/items/{id}",
            "/v1/api",
            "none",
            "nonenone")
        select path;

    [Property(MaxTest = 1_000)]
    public Property Exclusion_searches_the_template_or_else_the_path_before_it_is_grouped() =>
        Prop.ForAll(
            Arb.From(
                from patterns in Gen.Elements<string>(Generators.ValidPatterns).ListOf(2)
                from template in Gen.Frequency(
                    (1, Gen.Elements<string?>(null, "")),
                    (2, ShortPaths.Select(path => (string?)path)))
                from path in ShortPaths
                from untemplated in Gen.Elements(Untemplated.Group(), Untemplated.Path(), Untemplated.Group("/admin"))
                select (
                    Config: Config.Default with
                    {
                        ExcludedHandlers = ValueList.From(patterns),
                        Untemplated = untemplated,
                    },
                    Template: template,
                    Path: path)),
            request =>
            {
                var searched = string.IsNullOrEmpty(request.Template) ? request.Path : request.Template;
                var excluded = request.Config.ExcludedHandlers.Any(pattern => IsMatch(pattern, searched));
                Assert.Equal(excluded, HandlerLabel.Of(request.Template, request.Path, request.Config) is null);
            });

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)+$")]
    [InlineData("(a|a)+b$")]
    [InlineData("(.*a){8}$")]
    [InlineData("(.*a){8}b")]
    [InlineData("^(([a-z])+.)+[A-Z]([a-z])+$")]
    public void A_pattern_that_would_backtrack_for_ever_does_not(string pattern)
    {
        var config = Config.Default with { ExcludedHandlers = [pattern] };
        Assert.Equal("none", HandlerLabel.Of(null, new string('a', 1_000) + "!", config));
    }

    [Fact]
    public void A_pattern_that_does_not_compile_matches_nothing() =>
        Assert.All(Generators.InvalidPatterns, pattern =>
            Assert.Equal("/a", HandlerLabel.Of("/a", null, Config.Default with { ExcludedHandlers = [pattern] })));

    [Fact]
    public void A_template_is_the_label_whatever_the_Untemplated_rule() =>
        Assert.All(
            [Untemplated.Ignore, Untemplated.Group(), Untemplated.Path(), null!],
            untemplated => Assert.Equal("/items/{id}", Handler("/items/{id}", "/items/1", untemplated)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_template_the_Untemplated_rule_decides(string? template)
    {
        Assert.Null(Handler(template, "/items/1", Untemplated.Ignore));
        Assert.Equal("none", Handler(template, "/items/1", Untemplated.Group()));
        Assert.Equal("rest", Handler(template, "/items/1", Untemplated.Group("rest")));
        Assert.Equal("/items/1", Handler(template, "/items/1", Untemplated.Path()));
        Assert.Equal("", Handler(template, null, Untemplated.Path()));
    }

    private static string? Handler(string? template, string? path, Untemplated untemplated) =>
        HandlerLabel.Of(template, path, Config.Default with { Untemplated = untemplated });

    // The backtracking engine, which the library does not use.
    private static bool IsMatch(string pattern, string text) =>
        new Regex(pattern, RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout).IsMatch(text);
}
