using Instrumentator.Properties.Reference;

namespace Instrumentator.Properties;

/// <summary>The contract of every registry implementation: see tests/Contract. The tests of an implementation derive
/// from this class.</summary>
/// <param name="create">Creates a new registry with a series limit.</param>
/// <param name="differences">The differences of the implementation with their reasons, or null for none.</param>
public abstract partial class RegistryContract(Func<int, Registry> create, RegistryDifferences? differences = null)
{
    private readonly RegistryDifferences _differences = differences ?? new RegistryDifferences();

    private Registry New(int seriesLimit = Registry.DefaultSeriesLimit) => create(seriesLimit);

    private NaiveRegistry NewNaive(int seriesLimit = Registry.DefaultSeriesLimit) => new(seriesLimit, _differences);

    /// <summary>Compares a registry with the naive registry.</summary>
    private void AssertSame(NaiveRegistry expected, Registry actual)
    {
        var snapshot = actual.Scrape();
        Assert.Equal(
            expected.Read().Families.Select(_differences.Seen).Select(WithCleanHelp),
            FamiliesOf(snapshot).Select(WithCleanHelp));
        Assert.Equal(
            expected.Dropped().OrderBy(one => one.Key, StringComparer.Ordinal),
            DroppedOf(snapshot).OrderBy(one => one.Key, StringComparer.Ordinal));
    }

    /// <summary>Returns the families that the test registered.</summary>
    private static IEnumerable<FamilySnapshot> FamiliesOf(Snapshot snapshot) =>
        snapshot.Families.Where(family => family.Definition.Name != Overflows.CounterName);

    /// <summary>Returns the lookups over the limit, which the registry itself counts, by metric.</summary>
    private static Dictionary<string, double> DroppedOf(Snapshot snapshot) => snapshot.Families
        .Where(family => family.Definition.Name == Overflows.CounterName)
        .SelectMany(family => family.Samples)
        .ToDictionary(sample => sample.Labels.Values[0], ValueOf, StringComparer.Ordinal);

    // Every text format replaces a lone surrogate. Some implementations keep it until then.
    private static FamilySnapshot WithCleanHelp(FamilySnapshot family) =>
        family with { Definition = family.Definition with { Help = SlowWriter.Clean(family.Definition.Help) } };

    private static double ValueOf(Sample sample) => ((SampleValue.Counter)sample.Value).Value;
}
