namespace Instrumentator;

/// <summary>The gauge of requests in progress, or one for each handler and method.</summary>
internal sealed class InProgressGauges(InProgressOptions options, Registry registry)
{
    private readonly LabelSelection _labels = Labels(options);
    private readonly Family<Gauge> _family = registry.Register<Gauge>(Define(options));

    public Gauge Of(string handler, string method) => _family.With(_labels.Values(handler, method, status: ""));

    public static FamilyDefinition Define(InProgressOptions options) => new(options.Name, options.Help, MetricKind.Gauge, Labels(options).Names, []);

    private static LabelSelection Labels(InProgressOptions options) =>
        new(Handler: options.Labels, Method: options.Labels, Status: false, options.CustomLabels);
}
