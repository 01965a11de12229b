namespace Instrumentator;

/// <summary>The label values of a request. One instance stands for a route, method and status of a running
/// instrumentation.</summary>
internal sealed class RequestLabels(
    string handler, string method, string status, ValueList<Label> routeValues, BoundedTexts? bounded = null)
    : IEquatable<RequestLabels>
{
    public string Handler => handler;

    public string Method => method;

    public string Status => status;

    public ValueList<Label> RouteValues => routeValues;

    /// <summary>Whether these are the labels of long-lived requests, which lead to other cells.</summary>
    public bool IsLongLived { get; init; }

    /// <summary>The computed values with an allow-list; null when none were computed.</summary>
    public BoundedTexts? Bounded => bounded;

    // The metric functions of the instrumentation that created these labels keep the cells they found here, so one
    // lookup, of the labels, finds the cells of all functions.
    internal Slot Cells;

    /// <summary>Returns a value of the route, or empty text when it has none. Ignores the case of the name, as ASP.NET
    /// Core does.</summary>
    public string RouteValue(string key) =>
        routeValues
            .FirstOrDefault(value => string.Equals(value.Name, key, StringComparison.OrdinalIgnoreCase))
            .Value ?? "";

    public bool Equals(RequestLabels? other) =>
        other is not null
        && Handler == other.Handler
        && Method == other.Method
        && Status == other.Status
        && IsLongLived == other.IsLongLived
        && RouteValues.Equals(other.RouteValues)
        && (Bounded is null ? other.Bounded is null : Bounded.Equal(other.Bounded));

    public override bool Equals(object? obj) => Equals(obj as RequestLabels);

    public override int GetHashCode() =>
        HashCode.Combine(Handler, Method, Status, IsLongLived, RouteValues, Bounded?.Hash());
}

/// <summary>The lookup result that a pipeline step keeps for one set of labels.</summary>
/// <remarks>A struct, so that writing to an array of slots skips the check that arrays of references need.</remarks>
internal struct Slot
{
    public object? Value;
}

/// <summary>The texts of one combination.</summary>
internal sealed class BoundedTexts(BoundedValue[] values, string[] texts, UInt128 combination = default)
{
    /// <summary>The combination, if combinations have numbers.</summary>
    public UInt128 Combination => combination;

    /// <summary>Returns the text of a value, or null when the combination lacks it.</summary>
    public string? Of(BoundedValue value) => Array.IndexOf(values, value) is var place and >= 0 ? texts[place] : null;

    /// <summary>Returns whether both have the same texts.</summary>
    public bool Equal(BoundedTexts? other) => other is not null && texts.AsSpan().SequenceEqual(other.Texts);

    /// <summary>Returns a hash of the texts.</summary>
    public int Hash()
    {
        var hash = default(HashCode);
        foreach (var text in texts)
            hash.Add(text, StringComparer.Ordinal);
        return hash.ToHashCode();
    }

    private string[] Texts => texts;
}
