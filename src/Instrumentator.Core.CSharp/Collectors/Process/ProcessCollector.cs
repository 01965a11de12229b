using System.Globalization;

namespace Instrumentator;

/// <summary>The metrics of the process and its managed heap.</summary>
/// <remarks>Names and help texts are those of the Prometheus client libraries, and of prometheus-net where these have
/// none.</remarks>
/// <param name="read">Reads the values of the process.</param>
internal sealed class ProcessCollector(Func<ProcessReading> read) : IMetricCollector
{
    private static readonly (FamilyDefinition Family, Func<ProcessReading, double?> Value)[] _metrics =
    [
        (Counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds."),
            reading => reading.CpuSeconds),
        (Gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds."),
            reading => reading.StartTime),
        (Gauge("process_threads", "Number of OS threads in the process."), reading => reading.Threads),
        (Gauge("process_num_threads", "Total number of threads"), reading => reading.Threads),
        (Gauge("process_open_fds", "Number of open file descriptors."), reading => reading.OpenFiles),
        (Gauge("process_max_fds", "Maximum number of open file descriptors."), reading => reading.MaxFiles),
        (Gauge("process_open_handles", "Number of open handles"), reading => reading.OpenHandles),
        (Gauge("process_resident_memory_bytes", "Resident memory size in bytes."), reading => reading.ResidentBytes),
        (Gauge("process_working_set_bytes", "Process working set"), reading => reading.ResidentBytes),
        (Gauge("process_private_memory_bytes", "Process private memory size"), reading => reading.PrivateBytes),
        (Gauge("process_virtual_memory_bytes", "Virtual memory size in bytes."), reading => reading.VirtualBytes),
        (Gauge("process_virtual_memory_max_bytes", "Maximum amount of virtual memory available in bytes."),
            reading => reading.MaxVirtualBytes),
        (Gauge("process_heap_bytes", "Process heap size in bytes."), _ => HeapBytes),
        (Gauge("dotnet_total_memory_bytes", "Total known allocated memory"), _ => HeapBytes),
    ];

    private static readonly FamilyDefinition _collections =
        new("dotnet_collection_count_total", "GC collection count", MetricKind.Counter, ["generation"], []);

    private static readonly LabelSet[] _generations =
    [
        .. Enumerable.Range(0, GC.MaxGeneration + 1).Select(generation => new LabelSet(
            _collections.LabelNames, [generation.ToString(CultureInfo.InvariantCulture)])),
    ];

    /// <summary>Gets the collector of this process.</summary>
    public static ProcessCollector Instance { get; } = new(ProcessReading.Now);

    private static double HeapBytes => GC.GetTotalMemory(forceFullCollection: false);

    /// <inheritdoc/>
    public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default)
    {
        var reading = read();
        return ValueTask.FromResult<ValueList<FamilySnapshot>>(
        [
            .. from metric in _metrics
               let value = metric.Value(reading)
               where value is not null
               select new FamilySnapshot(metric.Family, [new(LabelSet.Empty, Value(metric.Family.Kind, value.Value))]),
            Collections(),
        ]);
    }

    private static FamilySnapshot Collections() => new(_collections, ValueList.From(_generations.Select(
        (labels, generation) => new Sample(labels, new SampleValue.Counter(GC.CollectionCount(generation))))));

    private static SampleValue Value(MetricKind kind, double value) =>
        kind == MetricKind.Counter ? new SampleValue.Counter(value) : new SampleValue.Gauge(value);

    private static FamilyDefinition Counter(string name, string help) => new(name, help, MetricKind.Counter, [], []);

    private static FamilyDefinition Gauge(string name, string help) => new(name, help, MetricKind.Gauge, [], []);
}
