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

    /// <summary>The bounded values that its labels use; null when they use none.</summary>
    public BoundedValues? Bounded { get; } = BoundedValues.Of(Labels(options).Request.OfType<RequestLabel>(), report);

    public Gauge Of(RequestLabels labels) => GuardedGauge.Of(_family, _labels.Values(labels, default), reportGauge);

    /// <summary>Returns all errors of the options, each with its correction.</summary>
    public static IEnumerable<string> Validate(InProgressOptions options, bool utf8Names) =>
        Labels(options).Validate().Concat(Define(options).Validate(utf8Names));

    public static FamilyDefinition Define(InProgressOptions options) =>
        new(options.Name, options.Help, MetricKind.Gauge, Labels(options).Names, []);

    private static LabelSelection Labels(InProgressOptions options) => options.RequestLabels is { } chosen
        ? new LabelSelection(chosen, options.CustomLabels)
        : LabelSelection.Of(handler: options.Labels, method: options.Labels, status: false, options.CustomLabels);
}
