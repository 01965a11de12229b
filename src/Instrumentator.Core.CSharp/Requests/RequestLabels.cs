namespace Instrumentator;

/// <summary>What a request brings for labels. One instance stands for a route, method and status of a running instrumentation.</summary>
internal sealed class RequestLabels(string handler, string method, string status, ValueList<Label> routeValues, ListedTexts? listed = null) : IEquatable<RequestLabels>
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
