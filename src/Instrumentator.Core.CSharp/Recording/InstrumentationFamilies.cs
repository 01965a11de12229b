namespace Instrumentator;

/// <summary>The families that an instrumentation records each request in, with the labels that they have.</summary>
/// <remarks>Families are registered if they are not yet, as when the instrumentation runs.</remarks>
internal static class InstrumentationFamilies
{
    /// <summary>Returns the built-in metrics. Those under a condition, which not every request meets, are left
    /// out.</summary>
    public static SeriesMetric[] Of(Instrumentation instrumentation)
    {
        var metrics = Step.Of(instrumentation.AllMetrics());
        var bound = metrics.Bind(instrumentation.Registry, instrumentation.Config.BodySizes);
        return [.. Composition.Flatten(bound).SelectMany(step => step.SeriesMetrics)];
    }

    /// <summary>Returns the gauge of requests in progress; null if there is none.</summary>
    public static (Family Family, LabelSelection Labels)? InProgress(Instrumentation instrumentation) =>
        instrumentation.Config.InProgress is { } options
            ? (instrumentation.Registry.Register<Gauge>(InProgressGauges.Define(options)),
                InProgressGauges.Labels(options))
            : null;

    /// <summary>Returns the gauge of long-lived requests; null if they are not told apart.</summary>
    public static (Family Family, LabelSelection Labels)? LongLived(Instrumentation instrumentation) =>
        instrumentation.Config.LongLived is { } options
            ? (instrumentation.Registry.RegisterLazily<Gauge>(LongLivedMetrics.DefineGauge(options)),
                LongLivedMetrics.Labels(options))
            : null;
}
