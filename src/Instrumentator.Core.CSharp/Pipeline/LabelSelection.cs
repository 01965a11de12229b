namespace Instrumentator;

/// <summary>Which labels of a request a built-in metric has, and which constant ones after them.</summary>
internal sealed record LabelSelection(bool Handler, bool Method, bool Status, ValueList<Label> Custom)
{
    public ValueList<string> Names => ValueList.From(
        Choose("handler", "method", "status").Concat(Custom.Select(label => label.Name)));

    public string[] Values(string handler, string method, string status) =>
        [.. Choose(handler, method, status), .. Custom.Select(label => label.Value)];

    private IEnumerable<string> Choose(string handler, string method, string status)
    {
        if (Handler)
            yield return handler;
        if (Method)
            yield return method;
        if (Status)
            yield return status;
    }
}
