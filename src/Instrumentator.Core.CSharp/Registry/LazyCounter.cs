namespace Instrumentator;

/// <summary>A counter of problems, by one label. It reserves its name at once, so that a clash shows at startup, but
/// scrapes contain it only after its first use.</summary>
/// <remarks>Safe for use by many threads.</remarks>
/// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
internal sealed class LazyCounter(Registry registry, string name, string help, string label)
{
    private readonly Family<Counter> _family = registry.RegisterLazily<Counter>(
        new FamilyDefinition(name, help, MetricKind.Counter, [label], []));

    /// <summary>Returns the counter of one label value, or one outside all scrapes if the registry's backend cannot
    /// create it. Never throws.</summary>
    public Counter Of(string value)
    {
        try
        {
            return _family.With(value);
        }
#pragma warning disable CA1031 // A counter that fails must not fail the caller's work.
        catch (Exception)
#pragma warning restore CA1031
        {
            return new CounterCell();
        }
    }
}
