namespace Instrumentator;

/// <summary>The gauge of requests in progress, or one for each handler and method.</summary>
internal sealed class InProgressGauges(InProgressOptions options, Registry registry)
{
    private readonly LabelSelection _labels = Labels(options);
    private readonly Family<Gauge> _family = registry.Register<Gauge>(Define(options));

    public Gauge Of(RequestLabels labels) => _family.With(_labels.Values(labels));

    public static FamilyDefinition Define(InProgressOptions options) => new(options.Name, options.Help, MetricKind.Gauge, Labels(options).Names, []);

    private static LabelSelection Labels(InProgressOptions options) => options.RequestLabels is { } chosen
        ? new LabelSelection(chosen, options.CustomLabels)
        : LabelSelection.Of(handler: options.Labels, method: options.Labels, status: false, options.CustomLabels);
}
