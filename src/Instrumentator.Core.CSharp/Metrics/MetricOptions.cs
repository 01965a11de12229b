namespace Instrumentator;

/// <summary>What all built-in metrics let one choose.</summary>
public record MetricOptions
{
    /// <summary>The name, without namespace and subsystem.</summary>
    /// <value>The default is null: the metric's own name.</value>
    public string? Name { get; init; }

    /// <summary>The help text.</summary>
    /// <value>The default is null: the metric's own text.</value>
    public string? Help { get; init; }

    /// <summary>What stands before the name, followed by <c>_</c>.</summary>
    /// <value>The default is null: nothing.</value>
    public string? Namespace { get; init; }

    /// <summary>What stands between namespace and name, followed by <c>_</c>.</summary>
    /// <value>The default is null: nothing.</value>
    public string? Subsystem { get; init; }

    /// <summary>Whether series have the label <c>handler</c>.</summary>
    /// <value>The default is true.</value>
    public bool Handler { get; init; } = true;

    /// <summary>Whether series have the label <c>method</c>.</summary>
    /// <value>The default is true.</value>
    public bool Method { get; init; } = true;

    /// <summary>Whether series have the label <c>status</c>.</summary>
    /// <value>The default is true.</value>
    public bool Status { get; init; } = true;

    /// <summary>The labels that come from the request, in this order, under names of one's own choice.</summary>
    /// <value>The default is null: those that <see cref="Handler"/>, <see cref="Method"/> and <see cref="Status"/> say, which are ignored otherwise.</value>
    public ValueList<RequestLabel>? RequestLabels { get; init; }

    /// <summary>Labels with values that never change.</summary>
    /// <value>The default is none.</value>
    public ValueList<Label> CustomLabels { get; init; } = [];

    /// <summary>Where the family is registered.</summary>
    /// <value>The default is null: <see cref="Registry.Default"/>.</value>
    public Registry? Registry { get; init; }

    internal Registry RegistryOrDefault => Registry ?? Instrumentator.Registry.Default;

    internal LabelSelection Labels => RequestLabels is { } chosen
        ? new LabelSelection(chosen, CustomLabels)
        : LabelSelection.Of(Handler, Method, Status, CustomLabels);

    /// <summary>The family of a metric, which is checked together with the options.</summary>
    internal Family<TCell> Register<TCell>(FamilyDefinition definition)
        where TCell : Cell
    {
        InvalidConfigException.ThrowIfAny([.. Validate(definition.Name), .. definition.Validate(RegistryOrDefault.AllowUtf8Names)]);
        return RegistryOrDefault.Register<TCell>(definition);
    }

    /// <summary>What is wrong beyond the definition, each with the way out.</summary>
    private protected virtual IEnumerable<string> Validate(string metric) =>
        CustomLabels is null ? [ConfigErrors.NullList($"CustomLabels of {metric}"), .. Labels.Validate()] : Labels.Validate();

    internal string FullName(string name) => Names.Join(Namespace, Subsystem, Name ?? name);
}
