namespace Instrumentator;

/// <summary>A built-in metric before it has a family. An instrumentation runs a copy that is bound to its registry; the
/// step itself never changes.</summary>
/// <param name="definition">The family, registered when the step is bound.</param>
/// <param name="labels">The labels.</param>
/// <param name="what">The value to record.</param>
/// <param name="validate">Returns all errors of the options, given whether names may contain any text.</param>
/// <param name="own">The registry that the options name; null for that of the instrumentation.</param>
/// <param name="onlySuccess">Whether only requests with a 2xx status code are recorded.</param>
/// <param name="actualHelp">The help text if sizes are counted bytes; null if it is the same.</param>
internal sealed class BuiltInStep(
    FamilyDefinition definition,
    LabelSelection labels,
    Measured what,
    Func<bool, IEnumerable<string>> validate,
    Registry? own,
    bool onlySuccess = false,
    string? actualHelp = null) : Step
{
    private Step? _byHand;

    public override string Name => definition.Name;

    public override bool ReadsResponseStart => what == Measured.SecondsToFirstByte;

    public override IEnumerable<RequestLabel> Labels => labels.Request;

    public override IEnumerable<string> Validate(bool utf8Names) =>
        validate(own?.AllowUtf8Names ?? utf8Names);

    public override Step Bind(Registry registry, BodySizes sizes) =>
        new SeriesStep([new SeriesMetric(Register(own ?? registry, sizes), labels, what, onlySuccess)]);

    /// <summary>Records a request of a caller outside any instrumentation: in the default registry.</summary>
    /// <remarks>Benign race: two bound copies record in the same family.</remarks>
    public override bool Record(in Info info, ref Slot slot) =>
        (_byHand ??= Bind(Registry.Default, BodySizes.ContentLength)).Record(info, ref slot);

    // Two instrumentations in one registry may count sizes differently. The help text of the first one stays.
    private Family Register(Registry registry, BodySizes sizes)
    {
        if (actualHelp is null)
            return registry.Register(definition);
        var counted = definition with { Help = actualHelp };
        return sizes == BodySizes.Actual
            ? registry.Register(counted, orExisting: definition)
            : registry.Register(definition, orExisting: counted);
    }
}
