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

    /// <summary>Adds the instruments of meters, <see cref="System.Diagnostics.Metrics.Meter"/>, to the scrapes of a
    /// registry: those of .NET, of ASP.NET Core, of libraries and of the app.</summary>
    /// <param name="registry">The registry. A second call adds meters; those that are included stay so.</param>
    /// <param name="meters">The names of the meters, such as <c>System.Runtime</c>. A <c>*</c> at the end stands for
    /// any text, as in <c>Microsoft.AspNetCore.*</c>; case is ignored. Meters may be created later.</param>
    /// <returns>The registry.</returns>
    /// <remarks>
    /// <para>Names, units and buckets follow OpenTelemetry's rules for Prometheus: <c>http.client.request.duration</c>
    /// in <c>s</c> is <c>http_client_request_duration_seconds</c>. docs/process-and-runtime.md describes them.</para>
    /// <para>Counters, up-down counters, gauges and histograms are recorded from now on. Observable instruments run
    /// during scrapes, on a thread of their own; a callback that throws or takes more than 2 seconds is left out and
    /// counted in <c>instrumentator_callback_errors_total</c>. A metric has as many series as the limit of the registry
    /// allows, and label values are cut as those of other metrics. When the registry is collected as garbage, it stops
    /// listening.</para>
    /// <para>A metric with the name of one in the registry is an error that shows both, when the app starts or in the
    /// next scrape. So are two instruments of different kinds that have one name.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There is no name, or one is empty or has a <c>*</c> before its
    /// end.</exception>
    /// <exception cref="InvalidOperationException">The name <c>instrumentator_callback_errors_total</c> is taken by
    /// another definition.</exception>
    /// <example><code>
    /// Registry.Default.IncludeMeters("System.Runtime", "System.Net.Http", "Microsoft.AspNetCore.Server.Kestrel");
    /// </code></example>
    public static Registry IncludeMeters(this Registry registry, params string[] meters)
    {
        ArgumentNullException.ThrowIfNull(registry);
        var filter = new MeterFilter(meters);
        var collector = MeterCollector.Of(registry);
        collector.Include(filter);
        return registry.Include(collector);
    }

    /// <summary>Adds the gauge <c>target_info</c>, which is always 1, to the scrapes of a registry. Its labels describe
    /// the service, as OpenTelemetry's resource attributes do.</summary>
    /// <param name="registry">The registry. Including equal ones again has no effect; different ones fail the scrape.
    /// </param>
    /// <param name="serviceName">The label <c>service_name</c>. By default, the environment variable
    /// <c>OTEL_SERVICE_NAME</c>, or <c>service.name</c> in <c>OTEL_RESOURCE_ATTRIBUTES</c>, or else the name of the
    /// entry assembly.</param>
    /// <param name="serviceVersion">The label <c>service_version</c>. By default, <c>service.version</c> in
    /// <c>OTEL_RESOURCE_ATTRIBUTES</c>, or else the informational version of the entry assembly, without the
    /// revision.</param>
    /// <param name="serviceInstanceId">The label <c>service_instance_id</c>. By default, <c>service.instance.id</c> in
    /// <c>OTEL_RESOURCE_ATTRIBUTES</c>, or else none: Prometheus's own label <c>instance</c> tells instances
    /// apart.</param>
    /// <returns>The registry.</returns>
    /// <remarks>All other attributes in <c>OTEL_RESOURCE_ATTRIBUTES</c>, such as
    /// <c>deployment.environment.name=production</c>, are labels, too. The variables are read once, by this
    /// call.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="registry"/> is null.</exception>
    /// <example><code>Registry.Default.IncludeTargetInfo("shop", "1.2.0");</code></example>
    public static Registry IncludeTargetInfo(
        this Registry registry,
        string? serviceName = null,
        string? serviceVersion = null,
        string? serviceInstanceId = null)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.Include(TargetInfo.Collector(
            [
                new("service.name", serviceName),
                new("service.version", serviceVersion),
                new("service.instance.id", serviceInstanceId),
            ],
            Environment.GetEnvironmentVariable));
    }

    /// <summary>Adds the gauge <c>instrumentator_build_info</c>, which is always 1, to the scrapes of a registry. Its
    /// labels are the <c>version</c> of this library, the <c>revision</c> of its sources if it is known, and the
    /// <c>runtime</c>, such as <c>.NET 10.0.0</c>.</summary>
    /// <param name="registry">The registry. Including it a second time has no effect.</param>
    /// <returns>The registry.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="registry"/> is null.</exception>
    /// <example><code>Registry.Default.IncludeBuildInfo();</code></example>
    public static Registry IncludeBuildInfo(this Registry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.Include(BuildInfo.Collector);
    }
}
