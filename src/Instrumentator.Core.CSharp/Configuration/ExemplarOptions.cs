namespace Instrumentator;

/// <summary>Exemplars of requests: single observations, with labels that lead to the trace of their request.</summary>
/// <remarks>Counters and histograms keep them: a histogram one for each bucket. Readers get them in OpenMetrics and in protobuf; Prometheus stores them with its feature <c>exemplar-storage</c>.</remarks>
/// <example><code>Instrumentation.Default.With(config => config with { Exemplars = new() })</code></example>
public sealed record ExemplarOptions
{
    /// <summary>The labels of a request's exemplars; empty ones for none.</summary>
    /// <remarks>Called only for requests that find a place for one. Names and values together have at most 128 characters; what is longer is not kept. What it throws is counted and logged,
    /// and it must wait for nothing, as with any metric function.</remarks>
    /// <value>The default is null: <c>trace_id</c> and <c>span_id</c> of <c>Activity.Current</c>, for requests that are sampled.</value>
    public Func<Info, ValueList<Label>>? Labels { get; init; }

    /// <summary>How long each counter, and each bucket of a histogram, keeps an exemplar before it takes the next one. Zero or more.</summary>
    /// <remarks>So it bounds what exemplars cost: a request that finds no place for one allocates nothing.</remarks>
    /// <value>The default is one second.</value>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);
}
