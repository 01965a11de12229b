using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Instrumentator.Properties;

/// <summary>Patterns of rules: usual ones match as any regular expression, and none makes a path slow.</summary>
[Collection(nameof(PatternProps))]
[CollectionDefinition(nameof(PatternProps), DisableParallelization = true)]
public class PatternProps
{
    // Takes seconds for a path of many letters, and is small enough to be allowed.
    private const string Slow = "(.{1,20}){1,20}z";

    private static readonly string[] _usual =
    [
        "/health", "^/health$", "/health.*", "^/healthz?$", "^/(health|ready|live)z?$", ".*admin.*", "^/admin",
        "/metrics",
        "(?i)^/?metrics$", "^/_", @"\.(js|css|png|ico)$", @"^/favicon\.ico$", "^/api/v[0-9]+/internal/",
        "^/swagger(/|$)",
        "^/items/{id}$", @"^/items/\{id\}$", "^none$", "^$", "^/static/.*", "[^/]+/ping$",
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", @"^/\d{4}/\d{2}/\d{2}$",
        @"\b\d{1,3}(\.\d{1,3}){3}\b", "^/(a|b){2,4}$", "(?:/[^/]{1,32}){3}$", "^/.{1,255}$", "[(){}*+?]", "[]a]b{2}",
        "[a-z-[aeiou]]{3}", @"\Ax|\{1,900\}|y\z",
    ];

    // Each comes to more than 500, and takes seconds for a character, or hundreds of megabytes.
    public static TheoryData<string> Huge =>
    [
        "(a{1,50}){1,50}z", "(.{1,50}){1,50}z", "((a{1,10}){1,10}){1,10}z", "(a{1,30}b?){1,30}z", ".{1,1000}z",
        "a.{1000}b",
        "(?:(?:x{1,9}y?){0,9}){9}", "[(]{1,30}([)]{1,30}){1,30}", "((((a?){5}b){5}){5}){5}", @"(\w{9}\s){99,}",
        "(?<n>a{30}){30}", "(a{1,2147483647}){2147483647}", "(a{99999999999999999999}){99}",
        string.Concat(Enumerable.Repeat("(a|b)?", 600)),
    ];

    // As large as is allowed.
    public static TheoryData<string> Allowed =>
    [
        Slow, "(.{1,20}b?){1,20}z", "(((.{1,3}){1,3}){1,3}){1,3}z", "a.{400}b", "(a|b)*a(a|b){100}c",
        @"(?i)(\w+\s?)*x$",
        "(.*a){200}z", "(a|aa|aaa|aaaa){1,400}z", @"(\w{1,20}\W?){1,20}z", "(a?b?c?.?){1,100}z",
    ];

    private static Gen<string> Paths =>
        (from part in Gen.Elements(
            "/", "health", "Health", "admin", "metrics", "items", "{id}", "api", "v1", "internal", "a", "b", "bb",
            ".js",
            "2024", "01", "127.0.0.1", "01234567-89ab-cdef-0123-456789abcdef", "-", "_", "é", "none", "x", "(",
            "{1,900}",
            "\n", "bcd")
         select part).ListOf(6).Select(string.Concat);

    [Property(MaxTest = 2_000)]
    public Property Usual_patterns_are_allowed_and_match_as_any_regular_expression() =>
        Prop.ForAll(Arb.From(Gen.Zip(Gen.Elements(_usual), Paths)), one =>
        {
            var (pattern, path) = one;
            var config = Config.Default with { ExcludedHandlers = [pattern] };
            var expected = new Regex(pattern, RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout).IsMatch(path);
            Assert.Empty(config.Validate());
            Assert.Equal(expected, HandlerLabel.Of(null, path, config) is null);
        });

    [Theory, MemberData(nameof(Huge))]
    public void A_pattern_that_repeats_too_much_is_refused_by_name(string pattern)
    {
        var error = Assert.Single((Config.Default with { ExcludedHandlers = [pattern] }).Validate());
        Assert.StartsWith(
            $"ExcludedHandlers holds \"{pattern}\", which repeats too much: ",
            error,
            StringComparison.Ordinal);
        Assert.EndsWith(
            " nested ones multiplied, but may come to 500. Use * or + instead of large counts, or several patterns.",
            error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 0)]
    [InlineData("a*b+?c", 3)]
    [InlineData("a{7}", 7)]
    [InlineData("a{7,}b{2,9}", 16)]
    [InlineData("(ab{3}c{4}){10}", 80)]
    [InlineData("((a{2}){3}){4}", 40)]
    [InlineData("(?:a{2}|b{3}){4}", 24)]
    [InlineData(@"[({9}]\{3}\({4}", 4)]
    [InlineData("(?#a{9})x{,5}y{ 3}", 0)]
    [InlineData("(a{2}", 2)]
    [InlineData("a{2})(b{3}){2}", 10)]
    public void The_counts_of_nested_repetitions_multiply(string pattern, double size) =>
        Assert.Equal(size, PatternSize.Of(pattern));

    [Theory, MemberData(nameof(Allowed))]
    public void No_text_makes_a_pattern_that_is_allowed_take_more_than_its_time(string pattern)
    {
        var config = Config.Default with { ExcludedHandlers = [pattern] };
        var random = new Random(1);
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 300; i++)
            _ = HandlerLabel.Of(null, Text(i, random), config);
        Assert.Empty(config.Validate());
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - heap, long.MinValue, 64 << 20);
        GC.KeepAlive(config);
    }

    [Fact]
    public void The_first_1024_characters_are_searched()
    {
        var config = Config.Default with { ExcludedHandlers = ["z"] };
        Assert.Null(HandlerLabel.Of(null, new string('a', 1_023) + "z", config));
        Assert.Equal("none", HandlerLabel.Of(null, new string('a', 1_024) + "z", config));
    }

    [Fact]
    public void A_pattern_that_takes_too_long_is_left_out_for_a_minute()
    {
        var (clock, timedOut) = (new SetClock(), new List<string>());
        var pattern = new Pattern(Slow, clock);
        var slow = new string('a', 1_024);
        Assert.True(pattern.IsMatch("abz", timedOut.Add));
        Assert.False(pattern.IsMatch(slow, timedOut.Add));
        Assert.Equal([Slow], timedOut);

        clock.Seconds = 59;
        Assert.False(pattern.IsMatch("abz", timedOut.Add));
        Assert.False(pattern.IsMatch(slow, timedOut.Add));
        Assert.Equal([Slow], timedOut);

        clock.Seconds = 61;
        Assert.True(pattern.IsMatch("abz", timedOut.Add));
        Assert.False(pattern.IsMatch(slow, timedOut.Add));
        Assert.Equal([Slow, Slow], timedOut);
        Assert.False(pattern.IsMatch("abz", timedOut.Add));
    }

    [Fact]
    public void A_timeout_is_counted_and_logged_under_the_name_of_the_rule()
    {
        var (registry, lines) = (new Registry(), new List<string>());
        var recorder = new Recorder(
            Instrumentation.Default.WithRegistry(registry).With(
                config => config with { ExcludedHandlers = [Slow, "^/health$"] }),
            (name, failure) => lines.Add($"{name} {failure.What}"));
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 1_000; i++)
            Assert.True(recorder.Untemplated(new string('a', 1_024)).IsMeasured);

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
        Assert.False(recorder.Untemplated("/health").IsMeasured);
        Assert.StartsWith(
            $"ExcludedHandlers holds the pattern \"{Slow}\", which took too long.",
            Assert.Single(lines),
            StringComparison.Ordinal);
        Assert.Equal(
            new SampleValue.Counter(1),
            registry.Scrape().Find("instrumentator_metric_function_errors_total", "ExcludedHandlers"));
    }

    private static string Text(int number, Random random) => "/" + (number % 3) switch
    {
        0 => new string('a', 8_000),
        1 => string.Concat(Enumerable.Range(0, 8_000).Select(_ => "ab"[random.Next(2)])),
        _ => string.Concat(Enumerable.Range(0, 8_000).Select(_ => (char)random.Next(33, 0xD7FF))),
    };

    private sealed class SetClock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
