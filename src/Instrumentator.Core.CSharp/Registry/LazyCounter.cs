namespace Instrumentator;

/// <summary>A counter of what goes wrong, by one label. Its name is taken at once, so that a clash shows at the start, but it comes into scrapes with the first thing that it counts.</summary>
/// <remarks>Safe for use by many threads.</remarks>
/// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
internal sealed class LazyCounter(Registry registry, string name, string help, string label)
{
    private readonly Family<Counter> _family = registry.RegisterLazily<Counter>(new FamilyDefinition(name, help, MetricKind.Counter, [label], []));

    /// <summary>The counter of one label value; one that nobody sees where the registry's backend has no place for it. Never throws.</summary>
    public Counter Of(string value)
    {
        try
        {
            return _family.With(value);
        }
#pragma warning disable CA1031 // Whoever counts here is busy with something else, which must not fail for that.
        catch (Exception)
#pragma warning restore CA1031
        {
            return new CounterCell();
        }
    }
}
