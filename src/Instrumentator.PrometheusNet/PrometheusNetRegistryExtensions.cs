using Prometheus;

namespace Instrumentator;

/// <summary>Connects registries with those of prometheus-net, in both directions.</summary>
public static class PrometheusNetRegistryExtensions
{
    extension(Registry)
    {
        /// <summary>The registry that keeps its numbers in one of prometheus-net: our metrics and an app's own stand in one place, and any exporter of prometheus-net shows both.</summary>
        /// <param name="collectors">prometheus-net's registry, <c>Prometheus.Metrics.DefaultRegistry</c> for one.</param>
        /// <returns>The same registry for the same one of prometheus-net.</returns>
        /// <remarks>Safe for use by many threads. A scrape of it shows all that prometheus-net has.</remarks>
        /// <exception cref="ArgumentNullException"><paramref name="collectors"/> is null.</exception>
        /// <example><code>
        /// builder.Services.AddInstrumentator(Instrumentation.Default.WithRegistry(Registry.Over(Prometheus.Metrics.DefaultRegistry)));
        /// </code></example>
        public static Registry Over(CollectorRegistry collectors)
        {
            ArgumentNullException.ThrowIfNull(collectors);
            return CollectorBackend.Of(collectors).Registry;
        }
    }

    /// <summary>Shows what a registry of prometheus-net has in the scrapes of this one, behind its own families.</summary>
    /// <param name="registry">Whose scrapes.</param>
    /// <param name="collectors">prometheus-net's registry, <c>Prometheus.Metrics.DefaultRegistry</c> for one. Included a second time, it changes nothing.</param>
    /// <returns>The first registry.</returns>
    /// <remarks>
    /// Exemplars stay. Callbacks before a collection run, as with prometheus-net's own endpoint. A name that both have fails the scrape, with an error in the log that
    /// shows both definitions.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <example><code>Registry.Default.Include(Prometheus.Metrics.DefaultRegistry);</code></example>
    public static Registry Include(this Registry registry, CollectorRegistry collectors)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(collectors);
        return registry.Include(CollectorBackend.Of(collectors));
    }
}
