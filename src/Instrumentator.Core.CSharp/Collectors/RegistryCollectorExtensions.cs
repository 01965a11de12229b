namespace Instrumentator;

/// <summary>Extensions that add the metrics of the process, and those of other libraries, to a registry.</summary>
public static class RegistryCollectorExtensions
{
    /// <summary>Adds the metrics of the process and its managed heap to the scrapes of a registry.</summary>
    /// <param name="registry">The registry. Including them a second time has no effect.</param>
    /// <returns>The registry.</returns>
    /// <remarks>
    /// <para>The metrics have the names of the Prometheus client libraries, such as <c>process_cpu_seconds_total</c>
    /// and <c>process_resident_memory_bytes</c>, and those of prometheus-net, such as
    /// <c>dotnet_collection_count_total</c>; docs/process-and-runtime.md lists all of them. They are read during each
    /// scrape, which takes about a millisecond for 300 open files. A value that the operating system does not give is
    /// left out.</para>
    /// <para>The names are those of
    /// https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="registry"/> is null.</exception>
    /// <example><code>Registry.Default.IncludeProcess();</code></example>
    public static Registry IncludeProcess(this Registry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.Include(ProcessCollector.Instance);
    }
}
