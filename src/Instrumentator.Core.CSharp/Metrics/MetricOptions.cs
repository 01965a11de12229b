namespace Instrumentator;

/// <summary>The options that all built-in metrics share.</summary>
public record MetricOptions
{
    /// <summary>The name, without namespace and subsystem.</summary>
    /// <value>The default is null: the metric's own name.</value>
    public string? Name { get; init; }

    /// <summary>The help text.</summary>
    /// <value>The default is null: the metric's own text.</value>
    public string? Help { get; init; }

    /// <summary>The first part of the full name, followed by <c>_</c>.</summary>
    /// <value>The default is null: no namespace.</value>
    public string? Namespace { get; init; }

    /// <summary>The part between namespace and name, followed by <c>_</c>.</summary>
    /// <value>The default is null: no subsystem.</value>
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

    /// <summary>The labels with values from the request, in this order, with any names.</summary>
    /// <value>The default is null: <see cref="Handler"/>, <see cref="Method"/> and <see cref="Status"/> select them.
    /// Otherwise those are ignored.</value>
    public ValueList<RequestLabel>? RequestLabels { get; init; }

    /// <summary>Labels with constant values.</summary>
    /// <value>The default is none.</value>
    public ValueList<Label> CustomLabels { get; init; } = [];

    /// <summary>The registry of the family.</summary>
    /// <value>The default is null: the registry of the instrumentation that runs the metric, or
    /// <see cref="Registry.Default"/> when you call the function yourself.</value>
    public Registry? Registry { get; init; }

    internal LabelSelection Labels => RequestLabels is { } chosen
        ? new LabelSelection(chosen, CustomLabels)
        : LabelSelection.Of(Handler, Method, Status, CustomLabels);

    /// <summary>Validates the options, and returns the metric function.</summary>
    /// <param name="definition">The family.</param>
    /// <param name="what">The value to record.</param>
    /// <param name="actualHelp">The help text if sizes are counted bytes; null if it is the same.</param>
    /// <remarks>Without a registry, names pass that only a registry with UTF-8 names allows: binding checks
    /// them.</remarks>
    /// <exception cref="InvalidConfigException">An option is invalid.</exception>
    internal Func<Info, Unit> ToFunction(FamilyDefinition definition, Measured what, string? actualHelp = null)
    {
        InvalidConfigException.ThrowIfAny(Validate(definition, Registry?.AllowUtf8Names ?? true));
        return new BuiltInStep(
            definition, Labels, what, utf8Names => Validate(definition, utf8Names), Registry, actualHelp: actualHelp)
            .ToFunction();
    }

    // An invalid prefix makes the full name invalid, too, which is no further error.
    private string[] Validate(FamilyDefinition definition, bool utf8Names)
    {
        var prefix = Names.Join(Namespace, Subsystem, "_").Length - 1;
        var name = definition.Name[Math.Min(prefix, definition.Name.Length)..];
        var ofPrefix = Names.ErrorsOfPrefix(Namespace, Subsystem, name, utf8Names).ToArray();
        var named = ofPrefix.Length > 0 ? definition with { Name = name } : definition;
        return [.. ofPrefix, .. Validate(named.Name), .. named.Validate(utf8Names)];
    }

    /// <summary>Returns the errors other than those of the definition, each with a way to correct it.</summary>
    private protected virtual IEnumerable<string> Validate(string metric) => CustomLabels is null
        ? [ConfigErrors.NullList($"CustomLabels of {metric}"), .. Labels.Validate()]
        : Labels.Validate();

    internal string FullName(string name) => Names.Join(Namespace, Subsystem, Name ?? name);
}
