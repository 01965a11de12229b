namespace Instrumentator;

/// <summary>What keeps the numbers of a registry: all that metric functions need to be recorded elsewhere than in memory of our own.</summary>
/// <remarks>
/// The registry checks names, makes sure that a name has one definition, remembers the cell of each series and limits their number. A backend makes cells, and reads
/// them. To be safe for use by many threads.
/// </remarks>
/// <example><code>var registry = new Registry(new MyBackend());</code></example>
public interface IMetricBackend : IFamilySource
{
    /// <summary>Makes a family of counters. Called once for each definition, with valid ones only.</summary>
    /// <param name="definition">What the family is.</param>
    /// <returns>Makes the cell of a series, or finds it: called once for each series, with a value for each label name.</returns>
    /// <exception cref="InvalidOperationException">The name is taken there by something else.</exception>
    Func<IReadOnlyList<string>, Counter> Counter(FamilyDefinition definition);

    /// <summary>Makes a family of gauges, by the same rules.</summary>
    /// <inheritdoc cref="Counter"/>
    Func<IReadOnlyList<string>, Gauge> Gauge(FamilyDefinition definition);

    /// <summary>Makes a family of histograms, by the same rules.</summary>
    /// <inheritdoc cref="Counter"/>
    Func<IReadOnlyList<string>, Histogram> Histogram(FamilyDefinition definition);

    /// <summary>Makes a family of summaries, by the same rules.</summary>
    /// <inheritdoc cref="Counter"/>
    Func<IReadOnlyList<string>, Summary> Summary(FamilyDefinition definition);
}
