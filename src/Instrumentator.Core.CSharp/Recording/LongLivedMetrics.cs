namespace Instrumentator;

/// <summary>The gauge and the histogram of long-lived requests.</summary>
internal sealed class LongLivedMetrics(LongLivedOptions options, Registry registry)
{
    // An app that has no such requests does not show them.
    private readonly Family<Gauge> _open = registry.RegisterQuietly<Gauge>(DefineGauge(options));
    private readonly Family<Histogram> _durations = registry.RegisterQuietly<Histogram>(DefineDuration(options));

    public LongLivedCells Of(RequestLabels labels)
    {
        var values = Labels(options).Values(labels, default);
        return new LongLivedCells(_open.With(values), _durations.With(values));
    }

    public static IEnumerable<string> Faults(LongLivedOptions options, bool utf8Names) =>
        Labels(options).Faults().Concat(DefineGauge(options).Faults(utf8Names)).Concat(DefineDuration(options).Faults(utf8Names));

    private static FamilyDefinition DefineGauge(LongLivedOptions options) =>
        new(options.GaugeName, "Number of long-lived HTTP requests in progress: WebSockets, server-sent events, SignalR, gRPC.", MetricKind.Gauge, Labels(options).Names, []);

    private static FamilyDefinition DefineDuration(LongLivedOptions options) => new(
        options.DurationName, "Time for which long-lived HTTP requests were open, in seconds.", MetricKind.Histogram, Labels(options).Names, Buckets.WithoutInfinity(options.DurationBuckets));

    private static LabelSelection Labels(LongLivedOptions options) => LabelSelection.Of(handler: true, method: false, status: false, options.CustomLabels);
}

/// <summary>Those of one handler.</summary>
internal sealed record LongLivedCells(Gauge Open, Histogram Duration);
