using System.Collections.Frozen;

namespace Instrumentator;

/// <summary>The value of a label with an allow-list: one of the list, or the other text.</summary>
/// <param name="header">The header that holds the value; null when <paramref name="read"/> reads it.</param>
/// <param name="read">Reads the value; null when a header holds it.</param>
/// <param name="allowed">The allow-list. Its texts are the labels.</param>
/// <param name="other">The label of every text that is not in the list.</param>
/// <remarks>Invalid arguments are accepted until <see cref="Validate"/> runs.</remarks>
internal sealed class ListedValue(
    string? header, Func<RequestView, string?>? read, ValueList<string> allowed, string other)
    : BoundedValue, IEquatable<ListedValue>
{
    /// <summary>The maximum length of a list.</summary>
    public const int MaxAllowed = 1_000;

    private FrozenDictionary<string, int>? _places;

    /// <summary>The number of labels: those of the list, and the other label.</summary>
    public override int Count => allowed.Count + 1;

    public override Delegate? Function => read;

    /// <summary>Gets a label by its index; 0 is the other label.</summary>
    public override string this[int place] => place == 0 ? other : allowed[place - 1];

    // Never throws.
    public override int IndexOf(in LabelSource source, out Exception? exception)
    {
        var request = source.Request;
        exception = null;
        try
        {
            return IndexOf(read is null ? request.Header(header!) : read(request));
        }
#pragma warning disable CA1031 // Whatever the function throws, the request must not feel it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            exception = e;
            return 0;
        }
    }

    public bool Equals(ListedValue? one) =>
        one is not null
        && header == one.HeaderName
        && read == one.Read
        && Equals(allowed, one.Allowed)
        && other == one.Other;

    public override bool Equals(object? obj) => Equals(obj as ListedValue);

    public override int GetHashCode() => HashCode.Combine(header, read, allowed, other);

    public override IEnumerable<string> Validate(string label, string reserved)
    {
        if (header is null && read is null)
        {
            yield return $"The request label \"{label}\" has no function. "
                + "Specify one, or use RequestLabel.Header.";
        }
        if (header is not null && !MethodLabel.IsToken(header))
        {
            yield return $"The request label \"{label}\" has the header \"{header}\", which is not a header name: "
                + "use letters, digits and !#$%&'*+-.^_`|~ (RFC 9110, 5.6.2).";
        }
        if (other is null || other == reserved)
        {
            yield return $"The request label \"{label}\" is "
                + $"{(other is null ? "null" : $"\"{other}\", which is reserved,")} for values outside its list. "
                + "Use \"other\", or \"\" for an empty label.";
        }
        foreach (var error in allowed is null ? ["is null"] : ErrorsOfList(allowed, reserved))
        {
            yield return $"The list of the request label \"{label}\" {error}. "
                + "List 1 to 1,000 values, each once regardless of case.";
        }
    }

    private string? HeaderName => header;

    private Func<RequestView, string?>? Read => read;

    private ValueList<string> Allowed => allowed;

    private string Other => other;

    // A text longer than all of the list is not even hashed.
    private int IndexOf(string? text) =>
        (_places ??= Places()).GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text.AsSpan().Trim(), out var place)
            ? place
            : 0;

    private FrozenDictionary<string, int> Places() =>
        Enumerable
            .Range(1, allowed.Count)
            .ToFrozenDictionary(place => allowed[place - 1], StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> ErrorsOfList(ValueList<string> allowed, string reserved)
    {
        if (allowed.Count is 0 or > MaxAllowed)
            yield return FormattableString.Invariant($"has {allowed.Count} values");
        foreach (var value in allowed.Where(
            value => value is null || value == reserved || value.Length != value.AsSpan().Trim().Length))
        {
            yield return value is null ? "holds null"
                : value == reserved ? $"holds \"{value}\", which is reserved"
                : $"holds \"{value}\", which no request can have: surrounding whitespace is ignored";
        }
        foreach (var twice in allowed
            .OfType<string>()
            .GroupBy(value => value, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1))
        {
            yield return $"holds \"{twice.Key}\" {twice.Count()} times";
        }
    }
}
