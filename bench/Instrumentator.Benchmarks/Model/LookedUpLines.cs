namespace Instrumentator.Benchmarks;

/// <summary>The lines that a request writes where each metric is found by its labels under a reader-writer lock, and a summary has a lock and a buffer: as in prometheus-net 8,
/// whose sources tell it.</summary>
/// <remarks>The fewest that can be: each object is one line, nothing is tried twice, and a full buffer costs nothing.</remarks>
internal static class LookedUpLines
{
    private static readonly (string Metric, bool HasLabels, string[] Writes)[] _metrics =
    [
        ("counter", true, ["value", "value"]),
        ("request size", true, ["lock", "position", "buffer", "lock", "published"]),
        ("response size", true, ["lock", "position", "buffer", "lock", "published"]),
        ("all durations", false, ["buckets", "sum", "sum"]),
        ("durations", true, ["buckets", "sum", "sum"]),
    ];

    // To enter the lock of the labels and to leave it are writes, too, as it counts its readers. What is set to what it is, published, is a write like any other.
    public static Access[] Request { get; } = Number(
        from metric in _metrics
        from write in (string[])[.. metric.HasLabels ? ["labels", "labels"] : Array.Empty<string>(), .. metric.Writes]
        select (metric.Metric, write));

    private static Access[] Number(IEnumerable<(string, string)> writes)
    {
        var lines = writes.Distinct().Select((line, number) => (line, number)).ToDictionary();
        return [.. writes.Select(line => new Access(lines[line], Writes: true))];
    }
}
