namespace Instrumentator;

/// <summary>The options of exemplars: single observations with labels that identify the request's trace.</summary>
/// <remarks>Counters and histograms keep exemplars, a histogram one for each bucket. Scrapes in OpenMetrics and
/// protobuf contain them. Prometheus stores them with its feature <c>exemplar-storage</c>.</remarks>
/// <example><code>Instrumentation.Default.With(config => config with { Exemplars = new() })</code></example>
public sealed record ExemplarOptions
{
    /// <summary>The function that returns the labels of a request's exemplars; an empty list for none.</summary>
    /// <remarks>Called only when a counter or bucket is due for an exemplar. Names and values together have at most 128
    /// characters; longer exemplars are not kept. As for any metric function, exceptions are counted and logged, and
    /// the function must not block.</remarks>
    /// <value>The default is null: <c>trace_id</c> and <c>span_id</c> of <c>Activity.Current</c>, for sampled
    /// requests.</value>
    public Func<Info, ValueList<Label>>? Labels { get; init; }

    /// <summary>How long each counter, and each histogram bucket, keeps an exemplar before it takes the next one. Zero
    /// or more.</summary>
    /// <remarks>It limits the cost of exemplars: if no counter or bucket is due, a request allocates nothing.</remarks>
    /// <value>The default is one second.</value>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);
}
