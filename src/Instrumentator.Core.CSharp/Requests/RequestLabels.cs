namespace Instrumentator;

/// <summary>What a request brings for labels. One instance stands for a route, method and status of a running instrumentation.</summary>
internal sealed class RequestLabels(
    string handler, string method, string status, ValueList<Label> routeValues, ListedTexts? listed = null)
    : IEquatable<RequestLabels>
{
    public string Handler => handler;

    public string Method => method;

    public string Status => status;

    public ValueList<Label> RouteValues => routeValues;

    /// <summary>The values by allow-list that were worked out; null when none were.</summary>
    public ListedTexts? Listed => listed;

    // Where the metric functions of the instrumentation that made these labels keep the cells they found:
    // so one look-up, of the labels, finds the cells of all of them.
    internal Slot Cells;

    /// <summary>A value that the route has, whatever the case of its name, as in ASP.NET Core; empty where it has none.</summary>
    public string RouteValue(string key) =>
        routeValues.FirstOrDefault(value => string.Equals(value.Name, key, StringComparison.OrdinalIgnoreCase)).Value ?? "";

    public bool Equals(RequestLabels? other) =>
        other is not null && Handler == other.Handler && Method == other.Method && Status == other.Status && RouteValues.Equals(other.RouteValues)
        && (Listed is null ? other.Listed is null : Listed.Equal(other.Listed));

    public override bool Equals(object? obj) => Equals(obj as RequestLabels);

    public override int GetHashCode() => HashCode.Combine(Handler, Method, Status);
}

/// <summary>Where a step of a pipeline keeps what it looked up for one set of labels.</summary>
/// <remarks>A struct, so that an array of slots is written without the check that arrays of references need.</remarks>
internal struct Slot
{
    public object? Value;
}

/// <summary>What one combination is in texts.</summary>
internal sealed class ListedTexts(ListedValue[] values, string[] texts)
{
    /// <summary>The text of a value; null when it is none of those.</summary>
    public string? Of(ListedValue value) => Array.IndexOf(values, value) is var place and >= 0 ? texts[place] : null;

    /// <summary>Whether two are the same texts.</summary>
    public bool Equal(ListedTexts? other) => other is not null && texts.AsSpan().SequenceEqual(other.Texts);

    private string[] Texts => texts;
}
