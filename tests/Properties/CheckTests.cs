using Xunit.Sdk;

namespace Instrumentator.Properties;

public class CheckTests
{
    private static readonly Arbitrary<int> _numbers =
        Arb.From(Gen.Choose(0, 1_000_000), number => number > 0 ? [number / 2, number - 1] : []);

    [Fact]
    public void A_law_that_holds_runs_for_the_requested_number_of_cases()
    {
        var asked = 0;
        Check.Holds(_numbers, _ => asked++, tests: 77, seed: "");
        Assert.Equal(77, asked);
    }

    [Theory]
    [InlineData(300, null, 300)]
    [InlineData(300, "", 300)]
    [InlineData(300, "50", 50)]
    [InlineData(10, "50", 10)]
    public void An_environment_variable_limits_the_number_of_cases(int tests, string? most, int cases) =>
        Assert.Equal(cases, Check.CasesOf(tests, most));

    [Fact]
    public void A_failure_shows_the_shrunk_case_the_cause_and_a_seed()
    {
        var failure = FailureOf(number => Assert.True(number < 1_000, "It is large."), seed: "");
        Assert.Contains("Shrunk case: 1000\n", failure.Message.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal("It is large.", failure.InnerException?.Message);
        Assert.Matches(@"To replay: INSTRUMENTATOR_SEED=\d+,\d+,\d+ dotnet test", failure.Message);
    }

    [Fact]
    public void Replaying_a_seed_runs_the_same_case_first()
    {
        var failure = FailureOf(number => Assert.True(number < 1_000), seed: "");
        var seed = failure.Message.Split("SEED=")[1].Split(" ")[0];

        var replayed = new List<int>();
        FailureOf(number => { replayed.Add(number); Assert.True(number < 1_000); }, seed);
        Assert.Contains($"First case: {replayed[0]}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_malformed_seed_is_refused()
    {
        var refusal = Assert.Throws<ArgumentException>(() => Check.Holds(_numbers, _ => { }, seed: "(1, 2)"));
        Assert.StartsWith(
            "\"(1, 2)\" is no seed. Give INSTRUMENTATOR_SEED exactly the value",
            refusal.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_law_may_be_asynchronous()
    {
        Assert.Throws<XunitException>(() => Check.Holds(Gen.Choose(0, 9), async number =>
        {
            await Task.Yield();
            Assert.True(number < 0);
        }));
    }

    [Fact]
    public void A_case_is_shown_with_special_characters_escaped() =>
        Assert.Equal(
            """["a\"\u0000\uD800", 0.1, -0, null]""",
            Show.Value(new object?[] { "a\"\0\uD800", 0.1, -0.0, null }));

    private static XunitException FailureOf(Action<int> law, string seed) =>
        Assert.Throws<XunitException>(() => Check.Holds(_numbers, law, seed: seed));
}
