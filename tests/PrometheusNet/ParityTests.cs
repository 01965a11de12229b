using Instrumentator.Parity;
using Prometheus;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>What the original recorded, replayed with prometheus-net keeping the numbers: see tests/Parity.</summary>
public sealed class ParityTests
{
    /// <summary>What is known to differ from what a registry of our own leaves; listed as tests/Parity lists its differences.</summary>
    private static readonly Lazy<Dictionary<string, Difference>> _differences =
        new(() => Json.ReadFile<Dictionary<string, Difference>>(Path.Combine(AppContext.BaseDirectory, "prometheus-net", "differences.json")));

    public static TheoryData<string> Stems => [.. ScenarioFolder.Own.Stems];

    [Theory]
    [MemberData(nameof(Stems))]
    public async Task A_scenario_gives_what_it_gives_in_a_registry_of_our_own(string stem)
    {
        var scenario = ScenarioFolder.Own.Read(stem);
        var (actual, notes) = await Replayer.RunAsync(scenario, ParityApp.Map, () => Registry.Over(new CollectorRegistry()), TestContext.Current.CancellationToken);
        var own = Verdict.Of(stem, scenario, actual, ScenarioFolder.Own.Find(stem, scenario), notes);
        VerdictHere(own, _differences.Value.GetValueOrDefault(stem)).Assert();
    }

    [Fact]
    public void All_scenarios_are_read_and_all_differences_are_those_of_scenarios_and_have_a_reason()
    {
        Assert.Equal(Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "scenarios")).Length, ScenarioFolder.Own.Stems.Length);
        Assert.InRange(ScenarioFolder.Own.Stems.Length, 100, int.MaxValue);
        Assert.All(_differences.Value, one => Assert.Contains(one.Key, ScenarioFolder.Own.Stems));
        Assert.All(_differences.Value, one => Assert.NotEmpty(one.Value.Reason.Trim()));
    }

    private static Verdict VerdictHere(Verdict own, Difference? here) => here is null ? own : own with
    {
        Difference = here,
        Mismatches = own.Mismatches.Count == 0
            ? ["It is listed as a difference, but it gives what a registry of our own gives: take it off the list."]
            : Comparison.WithOurs(here.Expect, own.Actual, own.Scenario.ScrapePath),
    };
}
