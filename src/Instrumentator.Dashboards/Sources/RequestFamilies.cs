namespace Instrumentator;

/// <summary>The families of an instrumentation that the numbers of the page come from, computed from the value: no name
/// of a metric or label is assumed.</summary>
/// <remarks>A metric that records only some requests, by <c>When</c> or in a function of the app, is no source.
/// </remarks>
internal sealed record RequestFamilies
{
    /// <summary>What counts requests: of all that do, the one with the most labels that the page reads.</summary>
    public LabeledFamily? Requests { get; private init; }

    /// <summary>The latency of all requests: the histogram with the most buckets.</summary>
    public LabeledFamily? Latency { get; private init; }

    /// <summary>The latency by handler: the histogram with the most buckets that has the label.</summary>
    public LabeledFamily? HandlerLatency { get; private init; }

    public LabeledFamily? RequestSize { get; private init; }

    public LabeledFamily? ResponseSize { get; private init; }

    public LabeledFamily? InProgress { get; private init; }

    public LabeledFamily? LongLived { get; private init; }

    /// <summary>Whether rows have a handler.</summary>
    public bool HaveHandlers => Requests is { Handler: >= 0 };

    /// <summary>Whether rows have a method: all metrics of a row must have the label.</summary>
    public bool HaveMethods =>
        Requests is { Method: >= 0 } && HandlerLatency is not { Method: < 0 };

    /// <summary>Whether the number of errors is known.</summary>
    public bool HaveStatuses => Requests is { Status: >= 0 };

    /// <summary>Whether a family has the labels of rows.</summary>
    public bool HasRowsIn(LabeledFamily family) =>
        HaveHandlers && family.Handler >= 0 && (!HaveMethods || family.Method >= 0);

    public IEnumerable<LabeledFamily> All =>
        new[] { Requests, Latency, HandlerLatency, RequestSize, ResponseSize, InProgress, LongLived }
            .OfType<LabeledFamily>();

    /// <summary>Finds the families. Registers those that are not registered yet, as the middleware does.</summary>
    public static RequestFamilies Of(Instrumentation instrumentation)
    {
        var metrics = InstrumentationFamilies.Of(instrumentation)
            .Where(metric => instrumentation.Registry.Contains(metric.Family))
            .ToArray();
        var latencies = metrics.Where(metric => IsLatency(metric.What)).ToArray();
        return new RequestFamilies
        {
            Requests = Best(
                metrics.Where(metric => !metric.OnlySuccess),
                metric => Labels(metric) + (metric.What == Measured.One ? 1 : 0)),
            Latency = Best(latencies, metric => (2 * Buckets(metric)) + (metric.OnlySuccess ? 0 : 1)),
            HandlerLatency = Best(latencies.Where(HasHandler), Buckets),
            RequestSize = Best(metrics.Where(metric => metric.What == Measured.RequestBytes), Labels),
            ResponseSize = Best(metrics.Where(metric => metric.What == Measured.ResponseBytes), Labels),
            InProgress = Gauge(InstrumentationFamilies.InProgress(instrumentation)),
            LongLived = Gauge(InstrumentationFamilies.LongLived(instrumentation)),
        };
    }

    private static LabeledFamily? Best(IEnumerable<SeriesMetric> candidates, Func<SeriesMetric, int> score) =>
        candidates.MaxBy(score) is { } best
            ? LabeledFamily.Of(best.Family.Definition, best.Labels) with { OnlySuccess = best.OnlySuccess }
            : null;

    private static LabeledFamily? Gauge((Family Family, LabelSelection Labels)? gauge) =>
        gauge is var (family, labels) ? LabeledFamily.Of(family.Definition, labels) : null;

    private static bool IsLatency(Measured what) => what is Measured.Seconds or Measured.SecondsToFirstByte;

    private static bool HasHandler(SeriesMetric metric) => metric.Labels.Request.Any(label => label.IsHandler);

    private static int Labels(SeriesMetric metric) => metric.Labels.Request.Sum(label =>
        label.IsHandler ? 8 : label.IsStatus ? 4 : label.IsMethod ? 2 : 0);

    private static int Buckets(SeriesMetric metric) => LatencyBounds.Of(metric.Family.Definition).Count;
}

/// <summary>A family, and the indexes of the label values that the page reads; -1 for a label that it does not have.
/// </summary>
internal sealed record LabeledFamily(FamilyDefinition Definition, int Handler, int Method, int Status)
{
    /// <summary>Whether it records only requests with a 2xx status code.</summary>
    public bool OnlySuccess { get; init; }

    public string Name => Definition.Name;

    public static LabeledFamily Of(FamilyDefinition definition, LabelSelection labels)
    {
        var request = labels.Request.ToList();
        return new(
            definition,
            request.FindIndex(label => label.IsHandler),
            request.FindIndex(label => label.IsMethod),
            request.FindIndex(label => label.IsStatus));
    }
}
