namespace Instrumentator;

/// <summary>The request labels of a built-in metric, followed by its constant labels.</summary>
internal sealed record LabelSelection
{
    /// <summary>Creates a selection. Null lists are empty here; their owners report them.</summary>
    public LabelSelection(ValueList<RequestLabel>? request, ValueList<Label>? custom) =>
        (Request, Custom) = (request ?? [], custom ?? []);

    public ValueList<RequestLabel> Request { get; }

    public ValueList<Label> Custom { get; }

    // A null label gets an empty name, which the family then rejects.
    public ValueList<string> Names =>
        ValueList.From(Request.Select(label => label?.Name ?? "").Concat(Custom.Select(label => label.Name)));

    /// <summary>Returns a selection of the chosen usual labels.</summary>
    public static LabelSelection Of(bool handler, bool method, bool status, ValueList<Label>? custom) =>
        new(ValueList.From(Choose(handler, method, status)), custom);

    public string[] Values(RequestLabels labels, LabelSource source) =>
        [.. Request.Select(label => label.ValueOf(labels, source)), .. Custom.Select(label => label.Value)];

    /// <summary>Returns all errors except those of names, which the family validates.</summary>
    public IEnumerable<string> Validate() =>
        Request.SelectMany(label => label?.Validate(Family<Counter>.Overflow) ?? []);

    /// <summary>Returns a copy with more request labels after its own.</summary>
    public LabelSelection With(ValueList<RequestLabel>? more) => new([.. Request, .. more ?? []], Custom);

    private static IEnumerable<RequestLabel> Choose(bool handler, bool method, bool status)
    {
        if (handler)
            yield return RequestLabel.Handler;
        if (method)
            yield return RequestLabel.Method;
        if (status)
            yield return RequestLabel.Status;
    }
}
