namespace Instrumentator;

/// <summary>The gauge and the histogram of long-lived requests.</summary>
/// <param name="options">The options.</param>
/// <param name="registry">Holds the families.</param>
/// <param name="report">Receives exceptions of another library's gauge or histogram.</param>
internal sealed class LongLivedMetrics(LongLivedOptions options, Registry registry, Action<Exception> report)
{
    // An app without long-lived requests does not expose them.
    private readonly Family<Gauge> _open = registry.RegisterLazily<Gauge>(DefineGauge(options));
    private readonly Family<Histogram> _durations = registry.RegisterLazily<Histogram>(DefineDuration(options));

    public LongLivedCells Of(RequestLabels labels)
    {
        var values = Labels(options).Values(labels, default);
        return new LongLivedCells(GuardedGauge.Of(_open, values, report), () => _durations.With(values), report);
    }

    public static IEnumerable<string> Validate(LongLivedOptions options, bool utf8Names) =>
        Labels(options)
            .Validate()
            .Concat(new[] { DefineGauge(options), DefineDuration(options) }
                .SelectMany(family => family.Validate(utf8Names, "the metrics of LongLived")));

    public static FamilyDefinition DefineGauge(LongLivedOptions options) => new(
        options.GaugeName,
        "Number of long-lived HTTP requests in progress: WebSockets, server-sent events, SignalR, gRPC streams.",
        MetricKind.Gauge,
        Labels(options).Names,
        []);

    private static FamilyDefinition DefineDuration(LongLivedOptions options) => new(
        options.DurationName,
        "Time for which long-lived HTTP requests were open, in seconds.",
        MetricKind.Histogram,
        Labels(options).Names,
        Buckets.WithoutInfinity(options.DurationBuckets));

    public static LabelSelection Labels(LongLivedOptions options) =>
        LabelSelection.Of(handler: true, method: false, status: false, options.CustomLabels);
}

/// <summary>The gauge and the histogram of one handler.</summary>
internal sealed class LongLivedCells(Gauge open, Func<Histogram> find, Action<Exception> report)
{
    private Histogram? _duration;

    public Gauge Open => open;

    /// <summary>Records a finished request. Never throws.</summary>
    public void Observe(double seconds)
    {
        try
        {
            (_duration ??= find()).Observe(seconds);
        }
#pragma warning disable CA1031 // The backend may be another library's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            report(e);
        }
    }
}
