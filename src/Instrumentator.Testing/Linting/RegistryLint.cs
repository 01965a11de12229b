namespace Instrumentator.Testing;

/// <summary>Remarks on how the metrics of a registry are named and described.</summary>
public static class RegistryLint
{
    /// <summary>What Prometheus's conventions say against the metrics of a registry: names, units, types, labels, help.</summary>
    /// <param name="registry">The registry.</param>
    /// <returns>A remark each, <c>name: what should be otherwise</c>, in the order of the families; empty where there is nothing to say.</returns>
    /// <remarks>The rules are near those of <c>promtool check metrics</c>, and from <see href="https://prometheus.io/docs/practices/naming/">the page on naming</see>. Safe for use by many threads.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="registry"/> is null.</exception>
    /// <example><code>Assert.Empty(Registry.Default.Lint());</code></example>
    public static ValueList<string> Lint(this Registry registry) => SnapshotScrape.Of(registry).Lint();
}
