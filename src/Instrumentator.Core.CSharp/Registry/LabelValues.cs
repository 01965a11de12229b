using System.Diagnostics.CodeAnalysis;

namespace Instrumentator;

/// <summary>Equality of label values: ordinal, all of them. Spans are looked up without making an array.</summary>
internal sealed class LabelValues : IEqualityComparer<string[]>, IAlternateEqualityComparer<ReadOnlySpan<string?>, string[]>
{
    public static LabelValues Comparer { get; } = new();

    public bool Equals(string[]? x, string[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode([DisallowNull] string[] obj) => GetHashCode(obj.AsSpan());

    public bool Equals(ReadOnlySpan<string?> alternate, string[] other)
    {
        if (alternate.Length != other.Length)
            return false;
        for (var i = 0; i < other.Length; i++)
        {
            if (!string.Equals(alternate[i] ?? "", other[i], StringComparison.Ordinal))
                return false;
        }

        return true;
    }

    public int GetHashCode(ReadOnlySpan<string?> alternate)
    {
        var hash = default(HashCode);
        foreach (var value in alternate)
            hash.Add(value ?? "", StringComparer.Ordinal);
        return hash.ToHashCode();
    }

    public string[] Create(ReadOnlySpan<string?> alternate)
    {
        var values = new string[alternate.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = LabelSet.Clean(alternate[i]);
        return values;
    }
}
