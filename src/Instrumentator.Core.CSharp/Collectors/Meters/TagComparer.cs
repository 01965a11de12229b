namespace Instrumentator;

/// <summary>Compares tags in the order in which they were given, so that finding a known series needs no copy of
/// them.</summary>
/// <remarks>Values of other types than the usual ones differ from everything, because comparing them would run code of
/// an app. Such tags cannot be kept.</remarks>
internal sealed class TagComparer :
    IEqualityComparer<KeyValuePair<string, object?>[]>,
    IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, KeyValuePair<string, object?>[]>
{
    public static TagComparer Instance { get; } = new();

    /// <summary>Returns whether a value has one of the usual types.</summary>
    public static bool IsPlain(object? value) => value is null or string or bool or int or long;

    public KeyValuePair<string, object?>[] Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) =>
        alternate.ToArray();

    public bool Equals(KeyValuePair<string, object?>[]? x, KeyValuePair<string, object?>[]? y) =>
        y is not null && x is not null && Equals(x.AsSpan(), y);

    public bool Equals(
        ReadOnlySpan<KeyValuePair<string, object?>> alternate, KeyValuePair<string, object?>[] other)
    {
        if (alternate.Length != other.Length)
            return false;
        for (var i = 0; i < other.Length; i++)
        {
            if (!string.Equals(alternate[i].Key, other[i].Key, StringComparison.Ordinal)
                || !AreEqual(alternate[i].Value, other[i].Value))
            {
                return false;
            }
        }
        return true;
    }

    public int GetHashCode(KeyValuePair<string, object?>[] obj) => GetHashCode(obj.AsSpan());

    public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
    {
        var hash = default(HashCode);
        foreach (var (key, value) in alternate)
        {
            hash.Add(key, StringComparer.Ordinal);
            hash.Add(IsPlain(value) ? value?.GetHashCode() ?? 0 : 0);
        }
        return hash.ToHashCode();
    }

    private static bool AreEqual(object? given, object? kept) =>
        given is string text ? kept is string other && string.Equals(text, other, StringComparison.Ordinal)
        : IsPlain(given) && Equals(given, kept);
}
