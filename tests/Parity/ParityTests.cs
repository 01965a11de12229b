using System.Text;
using Instrumentator.Judges;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator.Parity;

/// <summary>What the original recorded, replayed. A scenario matches it, or stands in <c>differences.json</c> with the reason.</summary>
public sealed class ParityTests
{
    // A router of another kind, which looks at each slash and is run before its routes are known.
    private static readonly string[] _ofEndpointsOnly =
    [
        "025-route-mount-no-slash", "031-route-trailing-slash-extra", "032-route-trailing-slash-missing", "033-route-trailing-slash-405", "098-inprogress-labels",
    ];

    private static ScenarioFolder Folder => ScenarioFolder.Current;

    public static IEnumerable<TheoryDataRow<string>> Stems => StemsOf(Folder, "");

    [Theory]
    [MemberData(nameof(Stems))]
    public async Task A_scenario_gives_what_the_original_gave(string stem)
    {
        var scenario = Folder.Read(stem);
        var (actual, notes) = await Replayer.RunAsync(scenario, ParityApp.Map, () => new Registry(), TestContext.Current.CancellationToken);
        Verdict.Of(stem, scenario, actual, Folder.Find(stem, scenario), notes).Assert();
    }

    public static IEnumerable<TheoryDataRow<string>> StemsWithoutEndpoints => StemsOf(ScenarioFolder.Own, "Giraffe-shaped ").Where(row => !_ofEndpointsOnly.Contains(row.Data));

    [Theory]
    [MemberData(nameof(StemsWithoutEndpoints))]
    public async Task An_app_shaped_as_Giraffe_does_the_same_without_endpoints(string stem)
    {
        var scenario = ScenarioFolder.Own.Read(stem);
        var (actual, notes) = await Replayer.RunAsync(scenario, MapGiraffeShaped, () => new Registry(), TestContext.Current.CancellationToken);
        var toOriginal = Comparison.WithOriginal(scenario.Original, actual, scenario.ScrapePath);
        var difference = ScenarioFolder.Own.Find(stem, scenario);

        // Routes in the order of registration are the original's own way: some differences of endpoints are none here.
        var mismatches = toOriginal.Count == 0 || difference is null ? toOriginal : Comparison.WithOurs(difference.Expect, actual, scenario.ScrapePath);
        new Verdict(stem, scenario, actual, difference, mismatches, notes).Assert();
    }

    [Fact]
    public async Task Promtool_reads_the_scrape_of_every_scenario()
    {
        Promtool.Require();
        var judged = 0;
        foreach (var scenario in Folder.Stems.Select(Folder.Read))
        {
            var (actual, _) = await Replayer.RunAsync(scenario, ParityApp.Map, () => new Registry(), TestContext.Current.CancellationToken);
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
    public void All_listed_differences_are_those_of_scenarios_and_have_a_reason()
    {
        var names = new[] { ScenarioFolder.Own, Folder }
            .SelectMany(folder => folder.Stems.SelectMany(stem => new[] { stem, folder.Read(stem).Name }))
            .ToHashSet(StringComparer.Ordinal);
        Assert.All(Folder.Differences, one => Assert.Contains(one.Key, names));
        Assert.All(Folder.Differences, one => Assert.NotEmpty(one.Value.Reason.Trim()));
    }

    [Fact]
    public void All_clocks_have_the_recorded_times_to_the_last_bit()
    {
        var clocks = ScenarioFolder.Own.Stems.Select(ScenarioFolder.Own.Read).SelectMany(scenario => scenario.Requests).Select(request => request.Clock);
        Assert.All(clocks, clock =>
        {
            var ticks = Ticks.Of(clock);
            Assert.Equal(Math.Max(clock[1] - clock[0], 0), Math.Max(ticks.ResponseStarted - ticks.Started, 0) / (double)ticks.Frequency);
            Assert.Equal(Math.Max(clock[2] - clock[0], 0), Math.Max(ticks.Ended - ticks.Started, 0) / (double)ticks.Frequency);
        });
    }

    [Fact]
    public void All_listed_differences_are_told_to_users()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "differences.md"));
        Assert.All(ScenarioFolder.Own.Differences, one => Assert.Contains($"`{one.Key}`", page));
    }

    private static IEnumerable<TheoryDataRow<string>> StemsOf(ScenarioFolder folder, string prefix) =>
        folder.Stems.Select(stem => new TheoryDataRow<string>(stem) { TestDisplayName = prefix + stem, Label = "" });

    private static void MapGiraffeShaped(WebApplication app) => GiraffeShaped.ParityApp.map(
        app, context => context.Features.GetRequiredFeature<Roundtrip>().HoldAsync(), message => new BoomException(message));
}
