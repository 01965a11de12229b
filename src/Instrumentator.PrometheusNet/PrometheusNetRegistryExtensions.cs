using Prometheus;

namespace Instrumentator;

/// <summary>Connects registries with those of prometheus-net, in both directions.</summary>
public static class PrometheusNetRegistryExtensions
{
    extension(Registry)
    {
        /// <summary>Returns a registry that stores its metrics in a prometheus-net registry: our metrics and the app's
        /// own are in one place, and any exporter of prometheus-net shows both.</summary>
        /// <param name="collectors">The prometheus-net registry, for example
        /// <c>Prometheus.Metrics.DefaultRegistry</c>.</param>
        /// <returns>The same registry for the same prometheus-net registry.</returns>
        /// <remarks>Safe for use by many threads. A scrape shows all metrics of prometheus-net.</remarks>
        /// <exception cref="ArgumentNullException"><paramref name="collectors"/> is null.</exception>
        /// <example><code>
        /// builder.Services.AddInstrumentator(
        ///     Instrumentation.Default.WithRegistry(Registry.Over(Prometheus.Metrics.DefaultRegistry)));
        /// </code></example>
        public static Registry Over(CollectorRegistry collectors)
        {
            ArgumentNullException.ThrowIfNull(collectors);
            return CollectorBackend.Of(collectors).Registry;
        }
    }

    /// <summary>Includes a prometheus-net registry in the scrapes of this registry, after its own families.</summary>
    /// <param name="registry">The registry whose scrapes show both.</param>
    /// <param name="collectors">The prometheus-net registry, for example <c>Prometheus.Metrics.DefaultRegistry</c>.
    /// Including it a second time has no effect.</param>
    /// <returns>The first registry.</returns>
    /// <remarks>
    /// Exemplars are kept. Before-collect callbacks run, as with prometheus-net's own endpoint. A name that both have
    /// fails the scrape, with an error in the log that shows both definitions.
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
