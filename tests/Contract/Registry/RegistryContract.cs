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

    private ValueList<FamilySnapshot> Seen(Snapshot snapshot) => ValueList.From(snapshot.Families.Select(_differences.Seen));

    private static double ValueOf(Sample sample) => ((SampleValue.Counter)sample.Value).Value;
}
