namespace Instrumentator;

/// <summary>Which labels of a request a built-in metric has, and which constant ones after them.</summary>
internal sealed record LabelSelection
{
    /// <summary>Some labels. Lists that are null are empty here; whoever has them reports them.</summary>
    public LabelSelection(ValueList<RequestLabel>? request, ValueList<Label>? custom) => (Request, Custom) = (request ?? [], custom ?? []);

    public ValueList<RequestLabel> Request { get; }

    public ValueList<Label> Custom { get; }

    // A label that is null has no name, which the family then refuses.
    public ValueList<string> Names => ValueList.From(Request.Select(label => label?.Name ?? "").Concat(Custom.Select(label => label.Name)));

    /// <summary>The usual three, or those of them that are wanted.</summary>
    public static LabelSelection Of(bool handler, bool method, bool status, ValueList<Label>? custom) => new(ValueList.From(Choose(handler, method, status)), custom);

    public string[] Values(RequestLabels labels, RequestView request) =>
        [.. Request.Select(label => label.ValueOf(labels, request)), .. Custom.Select(label => label.Value)];

    /// <summary>Returns all errors but those of names, which the family validates.</summary>
    public IEnumerable<string> Validate() => Request.SelectMany(label => label?.Validate(Family<Counter>.Overflow) ?? []);

    /// <summary>The same with labels of requests behind the others.</summary>
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
