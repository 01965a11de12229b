namespace Instrumentator;

/// <summary>The gauge of requests in progress, or one for each handler and method.</summary>
/// <param name="options">The options.</param>
/// <param name="registry">Holds the family.</param>
/// <param name="report">Receives exceptions of label functions.</param>
/// <param name="reportGauge">Receives exceptions of another library's gauge.</param>
internal sealed class InProgressGauges(
    InProgressOptions options,
    Registry registry,
    Action<BoundedValue, Exception?> report,
    Action<Exception> reportGauge)
{
    private readonly LabelSelection _labels = Labels(options);
    private readonly Family<Gauge> _family = registry.Register<Gauge>(Define(options));

    /// <summary>The family of the gauges.</summary>
    public Family Family => _family;

    /// <summary>The bounded values that its labels use; null when they use none.</summary>
    public BoundedValues? Bounded { get; } =
        BoundedValues.Of(Labels(options).Request.OfType<RequestLabel>(), registry, report);

    /// <summary>Returns the gauge of a series. If there may be several, scrapes omit it at 0 until <see cref="Keep"/>
    /// is called: the request may turn out to have another label, or not to be measured.</summary>
    public Gauge Of(RequestLabels labels)
    {
        var gauge = GuardedGauge.Of(_family, _labels.Values(labels, default), reportGauge);
        if (options.IsByRoute)
            (gauge as GaugeCell)?.OmitZero();
        return gauge;
    }

    /// <summary>Makes scrapes contain the series of a gauge from now on: a request was recorded under its
    /// labels.</summary>
    /// <remarks>The gauges of other libraries decide by themselves.</remarks>
    public static void Keep(InProgressGauge? counted) => (counted?.Gauge as GaugeCell)?.Keep();

    /// <summary>Returns all errors of the options, each with its correction.</summary>
    public static IEnumerable<string> Validate(InProgressOptions options, bool utf8Names) =>
        Labels(options).Validate().Concat(Define(options).Validate(utf8Names));

    public static FamilyDefinition Define(InProgressOptions options) =>
        new(options.Name, options.Help, MetricKind.Gauge, Labels(options).Names, []);

    public static LabelSelection Labels(InProgressOptions options) => options.RequestLabels is { } chosen
        ? new LabelSelection(chosen, options.CustomLabels)
        : LabelSelection.Of(handler: options.Labels, method: options.Labels, status: false, options.CustomLabels);
}

/// <summary>A gauge that counts requests of one label set.</summary>
/// <param name="Gauge">The gauge.</param>
/// <param name="Labels">The bounded values among its labels; null when it has none.</param>
internal sealed record InProgressGauge(Gauge Gauge, BoundedTexts? Labels);
