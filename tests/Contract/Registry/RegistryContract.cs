using Instrumentator.Properties.Reference;

namespace Instrumentator.Properties;

/// <summary>What a registry must do, wherever its numbers are kept: see tests/Contract. An implementation joins by deriving from it.</summary>
/// <param name="create">Makes a registry of its own, with a limit of series.</param>
/// <param name="differences">What the implementation does otherwise, each with the reason; none when left out.</param>
public abstract partial class RegistryContract(Func<int, Registry> create, RegistryDifferences? differences = null)
{
    private readonly RegistryDifferences _differences = differences ?? new RegistryDifferences();

    private Registry New(int seriesLimit = Registry.DefaultSeriesLimit) => create(seriesLimit);

    private NaiveRegistry NewNaive(int seriesLimit = Registry.DefaultSeriesLimit) => new(seriesLimit, _differences);

    /// <summary>Holds a registry against the naive one.</summary>
    private void AssertSame(NaiveRegistry expected, Registry actual)
    {
        var snapshot = actual.Scrape();
        Assert.Equal(expected.Read().Families.Select(_differences.Seen).Select(WithCleanHelp), FamiliesOf(snapshot).Select(WithCleanHelp));
        Assert.Equal(expected.Dropped().OrderBy(one => one.Key, StringComparer.Ordinal), DroppedOf(snapshot).OrderBy(one => one.Key, StringComparer.Ordinal));
    }

    /// <summary>Those that somebody registered.</summary>
    private static IEnumerable<FamilySnapshot> FamiliesOf(Snapshot snapshot) => snapshot.Families.Where(family => family.Definition.Name != Overflows.CounterName);

    /// <summary>What the registry counts by itself, by metric.</summary>
    private static Dictionary<string, double> DroppedOf(Snapshot snapshot) => snapshot.Families.Where(family => family.Definition.Name == Overflows.CounterName)
        .SelectMany(family => family.Samples).ToDictionary(sample => sample.Labels.Values[0], ValueOf, StringComparer.Ordinal);

    // Half a surrogate pair is what every text makes of it: some keep it until then.
    private static FamilySnapshot WithCleanHelp(FamilySnapshot family) =>
        family with { Definition = family.Definition with { Help = SlowWriter.Clean(family.Definition.Help) } };

    private static double ValueOf(Sample sample) => ((SampleValue.Counter)sample.Value).Value;
}
