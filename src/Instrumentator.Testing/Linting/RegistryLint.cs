namespace Instrumentator.Testing;

/// <summary>Remarks on the names and descriptions of a registry's metrics.</summary>
public static class RegistryLint
{
    /// <summary>Returns where the metrics of a registry break Prometheus's conventions for names, units, types, labels
    /// and help.</summary>
    /// <param name="registry">The registry.</param>
    /// <returns>The remarks, each <c>name: what is wrong</c>, in the order of the families; empty if there are
    /// none.</returns>
    /// <remarks>The rules come from <see href="https://prometheus.io/docs/practices/naming/">the page on naming</see>
    /// and are close to those of <c>promtool check metrics</c>. Safe for use by multiple threads.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="registry"/> is null.</exception>
    /// <example><code>Assert.Empty(Registry.Default.Lint());</code></example>
    public static ValueList<string> Lint(this Registry registry) => SnapshotScrape.Of(registry).Lint();
}
