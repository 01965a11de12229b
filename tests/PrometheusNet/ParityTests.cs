using Instrumentator.Parity;
using Prometheus;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>Replays the recordings of the original with the metrics in a prometheus-net registry: see
/// tests/Parity.</summary>
public sealed class ParityTests
{
    /// <summary>The known differences from the results with a registry of our own, in the format of the differences in
    /// tests/Parity.</summary>
    private static readonly Lazy<Dictionary<string, Difference>> _differences = new(
        () => Json.ReadFile<Dictionary<string, Difference>>(
            Path.Combine(AppContext.BaseDirectory, "prometheus-net", "differences.json")));

    public static TheoryData<string> Stems => [.. ScenarioFolder.Own.Stems];

    [Theory]
    [MemberData(nameof(Stems))]
    public async Task A_scenario_gives_the_same_result_as_with_a_registry_of_our_own(string stem)
    {
        var scenario = ScenarioFolder.Own.Read(stem);
        var (actual, notes) = await Replayer.RunAsync(
            scenario,
            ParityApp.Map,
            () => Registry.Over(new CollectorRegistry()),
            TestContext.Current.CancellationToken);
        var own = Verdict.Of(stem, scenario, actual, ScenarioFolder.Own.Find(stem, scenario), notes);
        VerdictHere(own, _differences.Value.GetValueOrDefault(stem)).Assert();
    }

    [Fact]
    public void All_scenarios_are_read_and_every_difference_has_a_scenario_and_a_reason()
    {
        Assert.Equal(
            Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "scenarios")).Length,
            ScenarioFolder.Own.Stems.Length);
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
