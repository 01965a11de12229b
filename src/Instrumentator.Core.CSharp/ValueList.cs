using System.Collections;
using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>An immutable list with value equality, so that records that hold one compare by value.</summary>
/// <typeparam name="T">The type of the items, which compare by their own equality.</typeparam>
/// <remarks>Create one with a collection expression, <c>[0.1, 0.5, 1]</c>, or with <see cref="ValueList.From{T}"/>.
/// Safe for use by many threads.</remarks>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Create))]
public sealed class ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    private readonly T[] _items;

    internal ValueList(T[] items) => _items = items;

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public T this[int index] => _items[index];

    internal ReadOnlySpan<T> Span => _items;

    /// <summary>Returns true if both lists hold equal items in the same order.</summary>
    public bool Equals(ValueList<T>? other) =>
        other is not null && Span.SequenceEqual(other.Span, EqualityComparer<T>.Default);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in _items)
            hash.Add(item);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Returns the items in brackets, for messages.</summary>
    public override string ToString() =>
        $"[{string.Join(", ", _items.Select(item => FormattableString.Invariant($"{item}")))}]";
}

/// <summary>Factory methods of <see cref="ValueList{T}"/>.</summary>
public static class ValueList
{
    /// <summary>Creates a list of the given items. Collection expressions call it.</summary>
    public static ValueList<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());

    /// <summary>Creates a list from any sequence, such as an F# list.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="items"/> is null.</exception>
    public static ValueList<T> From<T>(IEnumerable<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new ValueList<T>([.. items]);
    }
}
