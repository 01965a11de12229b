using System.Text;
using Instrumentator.Judges;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator.Parity;

/// <summary>Replays the recordings of the original. Each scenario gives the same result, or <c>differences.json</c>
/// lists it with the reason.</summary>
public sealed class ParityTests
{
    // The Giraffe-shaped router distinguishes trailing slashes, and it starts before the route of a request is known.
    private static readonly string[] _ofEndpointsOnly =
    [
        "025-route-mount-no-slash",
        "031-route-trailing-slash-extra",
        "032-route-trailing-slash-missing",
        "033-route-trailing-slash-405",
        "098-inprogress-labels",
    ];

    private static ScenarioFolder Folder => ScenarioFolder.Current;

    public static IEnumerable<TheoryDataRow<string>> Stems => StemsOf(Folder, "");

    [Theory]
    [MemberData(nameof(Stems))]
    public async Task A_scenario_gives_the_same_result_as_the_original(string stem)
    {
        var scenario = Folder.Read(stem);
        var (actual, notes) = await Replayer.RunAsync(
            scenario, ParityApp.Map, () => new Registry(), TestContext.Current.CancellationToken);
        Verdict.Of(stem, scenario, actual, Folder.Find(stem, scenario), notes).Assert();
    }

    public static IEnumerable<TheoryDataRow<string>> StemsWithoutEndpoints =>
        StemsOf(ScenarioFolder.Own, "Giraffe-shaped ").Where(row => !_ofEndpointsOnly.Contains(row.Data));

    [Theory]
    [MemberData(nameof(StemsWithoutEndpoints))]
    public async Task A_Giraffe_shaped_app_without_endpoints_gives_the_same_result(string stem)
    {
        var scenario = ScenarioFolder.Own.Read(stem);
        var (actual, notes) = await Replayer.RunAsync(
            scenario, MapGiraffeShaped, () => new Registry(), TestContext.Current.CancellationToken);
        var toOriginal = Comparison.WithOriginal(scenario.Original, actual, scenario.ScrapePath);
        var difference = ScenarioFolder.Own.Find(stem, scenario);

        // This router and the original both try routes in the order of registration, so some differences of endpoints
        // do not occur here.
        var mismatches = toOriginal.Count == 0 || difference is null
            ? toOriginal
            : Comparison.WithOurs(difference.Expect, actual, scenario.ScrapePath);
        new Verdict(stem, scenario, actual, difference, mismatches, notes).Assert();
    }

    [Fact]
    public async Task Promtool_reads_the_scrape_of_every_scenario()
    {
        Promtool.Require();
        var judged = 0;
        foreach (var scenario in Folder.Stems.Select(Folder.Read))
        {
            var (actual, _) = await Replayer.RunAsync(
                scenario, ParityApp.Map, () => new Registry(), TestContext.Current.CancellationToken);
            if (actual.Scrape is not { Status: 200, Families: var text })
                continue;
            await Promtool.AssertReads(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);
            judged++;
        }
        Assert.True(judged > 0, "no scenario has a scrape");
    }

    [Fact]
    public void All_scenarios_are_read()
    {
        Assert.NotEmpty(Folder.Stems);
        var scenarios = Folder.Stems.Select(Folder.Read).ToArray();
        Assert.All(scenarios, scenario => Assert.NotNull(scenario.Original));
        Assert.Distinct(scenarios.Select(scenario => scenario.Name));
    }

    [Fact]
    public void Every_listed_difference_has_a_scenario_and_a_reason()
    {
        var names = new[] { ScenarioFolder.Own, Folder }
            .SelectMany(folder => folder.Stems.SelectMany(stem => new[] { stem, folder.Read(stem).Name }))
            .ToHashSet(StringComparer.Ordinal);
        Assert.All(Folder.Differences, one => Assert.Contains(one.Key, names));
        Assert.All(Folder.Differences, one => Assert.NotEmpty(one.Value.Reason.Trim()));
    }

    [Fact]
    public void All_clocks_have_exactly_the_recorded_times()
    {
        var clocks = ScenarioFolder.Own.Stems
            .Select(ScenarioFolder.Own.Read)
            .SelectMany(scenario => scenario.Requests)
            .Select(request => request.Clock);
        Assert.All(clocks, clock =>
        {
            var ticks = Ticks.Of(clock);
            Assert.Equal(
                Math.Max(clock[1] - clock[0], 0),
                Math.Max(ticks.ResponseStarted - ticks.Started, 0) / (double)ticks.Frequency);
            Assert.Equal(
                Math.Max(clock[2] - clock[0], 0),
                Math.Max(ticks.Ended - ticks.Started, 0) / (double)ticks.Frequency);
        });
    }

    [Fact]
    public void The_docs_list_every_difference()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "differences.md"));
        Assert.All(ScenarioFolder.Own.Differences, one => Assert.Contains($"`{one.Key}`", page));
    }

    private static IEnumerable<TheoryDataRow<string>> StemsOf(ScenarioFolder folder, string prefix) =>
        folder.Stems.Select(stem => new TheoryDataRow<string>(stem) { TestDisplayName = prefix + stem, Label = "" });

    private static void MapGiraffeShaped(WebApplication app) => GiraffeShaped.ParityApp.map(
        app,
        context => context.Features.GetRequiredFeature<Roundtrip>().HoldAsync(),
        message => new BoomException(message));
}
