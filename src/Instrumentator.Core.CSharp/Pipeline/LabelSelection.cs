namespace Instrumentator;

/// <summary>Which labels of a request a built-in metric has, and which constant ones after them.</summary>
internal sealed record LabelSelection(ValueList<RequestLabel> Request, ValueList<Label> Custom)
{
    // A label that is null has no name, which the family then refuses.
    public ValueList<string> Names => ValueList.From(Request.Select(label => label?.Name ?? "").Concat(Custom.Select(label => label.Name)));

    /// <summary>The usual three, or those of them that are wanted.</summary>
    public static LabelSelection Of(bool handler, bool method, bool status, ValueList<Label> custom) => new(ValueList.From(Choose(handler, method, status)), custom);

    public string[] Values(RequestLabels labels) => [.. Request.Select(label => label.ValueOf(labels)), .. Custom.Select(label => label.Value)];

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
