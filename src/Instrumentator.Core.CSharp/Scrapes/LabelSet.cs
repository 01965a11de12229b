using System.Text;

namespace Instrumentator;

/// <summary>The labels of one series: names, values, and their text in the formats of Prometheus.</summary>
/// <remarks>Immutable; two sets with the same names and values in the same order are equal. Safe for use by many
/// threads. Values have any length here; the families of a registry cut theirs.</remarks>
public sealed class LabelSet : IEquatable<LabelSet>
{
    private readonly ArraySegment<byte> _text;

    /// <summary>Initializes the labels and renders their text, once.</summary>
    /// <param name="names">The names: letters, digits and <c>_</c>, or any text, which is then quoted.</param>
    /// <param name="values">A value for each name. An unpaired surrogate becomes U+FFFD: UTF-8 cannot encode
    /// it.</param>
    /// <exception cref="ArgumentException">There are more or fewer values than names.</exception>
    public LabelSet(ValueList<string> names, IReadOnlyList<string> values) : this(names, values, null)
    {
    }

    /// <summary>Does the same, with the text in shared pages.</summary>
    internal LabelSet(ValueList<string> names, IReadOnlyList<string> values, TextPages? texts)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(values);
        if (names.Count != values.Count)
        {
            throw new ArgumentException(
                $"There are {names.Count} labels, {names}, but {values.Count} values.",
                nameof(values));
        }
        Names = names;
        Values = values is ValueList<string> list && AreClean(list) ? list : ValueList.From(values.Select(Clean));
        _text = Render(texts);
    }

    /// <summary>Gets the empty set.</summary>
    public static LabelSet Empty { get; } = new([], []);

    /// <summary>Gets the names.</summary>
    public ValueList<string> Names { get; }

    /// <summary>Gets the value of each name.</summary>
    public ValueList<string> Values { get; }

    /// <summary>Gets the text in UTF-8, escaped and without braces, as in <c>handler="/",method="GET"</c>.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(0, Math.Max(_text.Count - 1, 0));

    /// <summary>The text with a trailing comma, so that another label can follow; empty without labels.</summary>
    internal ReadOnlySpan<byte> TextAndComma => _text;

    /// <inheritdoc/>
    public bool Equals(LabelSet? other) =>
        other is not null && Names.Equals(other.Names) && Values.Equals(other.Values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Names, Values);

    /// <summary>Returns the labels as a scrape shows them.</summary>
    public override string ToString() => $"{{{Encoding.UTF8.GetString(Text)}}}";

    /// <summary>Returns a label value that every reader accepts: not null, and without unpaired surrogates.</summary>
    internal static string Clean(string? value) =>
        value is null ? "" : IsClean(value) ? value : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value));

    internal static bool IsClean(string? value) => !value.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');

    private static bool AreClean(ValueList<string> values)
    {
        foreach (var value in values.Span)
        {
            if (value is null || !IsClean(value))
                return false;
        }

        return true;
    }

    // Of the exact length, because there may be very many.
    private ArraySegment<byte> Render(TextPages? texts)
    {
        var length = Length();
        var text = texts?.Take(length) ?? new byte[length];
        var rest = text.AsSpan();
        for (var i = 0; i < Names.Count; i++)
        {
            Append(ref rest, SampleName.OfLabel(Names[i]));
            Append(ref rest, "=\"");
            Append(ref rest, Escaping.LabelValue(Values[i]));
            Append(ref rest, "\",");
        }
        return text;
    }

    private int Length()
    {
        var length = 0;
        for (var i = 0; i < Names.Count; i++)
        {
            length += Encoding.UTF8.GetByteCount(SampleName.OfLabel(Names[i]))
                + Encoding.UTF8.GetByteCount(Escaping.LabelValue(Values[i]))
                + "=\"\",".Length;
        }
        return length;
    }

    private static void Append(ref Span<byte> rest, string part) => rest = rest[Encoding.UTF8.GetBytes(part, rest)..];
}
