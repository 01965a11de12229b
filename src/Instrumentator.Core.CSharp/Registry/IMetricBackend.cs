namespace Instrumentator;

/// <summary>The storage for a registry's metrics. With another backend, metric functions record in another
/// library.</summary>
/// <remarks>
/// The registry validates names, keeps one definition per name, remembers the cell of each series, and limits the
/// number of series. The backend creates cells and reads them. Implementations must be safe for use by many threads.
/// </remarks>
/// <example><code>var registry = new Registry(new MyBackend());</code></example>
public interface IMetricBackend : IMetricCollector
{
    /// <summary>Creates a family of counters. Called once for each definition, and only with valid ones.</summary>
    /// <param name="definition">The name, help, labels and buckets of the family.</param>
    /// <returns>A function that creates the cell of a series, or finds it. It is called once for each series, with a
    /// value for each label name.</returns>
    /// <exception cref="InvalidOperationException">The other library uses the name for something else.</exception>
    Func<IReadOnlyList<string>, Counter> CreateCounter(FamilyDefinition definition);

    /// <summary>Creates a family of gauges, by the same rules.</summary>
    /// <inheritdoc cref="CreateCounter"/>
    Func<IReadOnlyList<string>, Gauge> CreateGauge(FamilyDefinition definition);

    /// <summary>Creates a family of histograms, by the same rules.</summary>
    /// <inheritdoc cref="CreateCounter"/>
    Func<IReadOnlyList<string>, Histogram> CreateHistogram(FamilyDefinition definition);

    /// <summary>Creates a family of summaries, by the same rules.</summary>
    /// <inheritdoc cref="CreateCounter"/>
    Func<IReadOnlyList<string>, Summary> CreateSummary(FamilyDefinition definition);
}
