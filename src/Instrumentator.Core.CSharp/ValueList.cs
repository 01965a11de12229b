using System.Collections;
using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>An immutable list that is compared by its items, so that records that hold one are compared by value.</summary>
/// <typeparam name="T">The type of the items; they are compared with their own equality.</typeparam>
/// <remarks>Made by a collection expression, <c>[0.1, 0.5, 1]</c>, or by <see cref="ValueList.From{T}"/>. Safe for use by many threads.</remarks>
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

    /// <summary>Whether both lists hold equal items in the same order.</summary>
    public bool Equals(ValueList<T>? other) => other is not null && Span.SequenceEqual(other.Span, EqualityComparer<T>.Default);

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

    /// <summary>The items between brackets, for messages.</summary>
    public override string ToString() => $"[{string.Join(", ", _items.Select(item => FormattableString.Invariant($"{item}")))}]";
}

/// <summary>Makes <see cref="ValueList{T}"/> values.</summary>
public static class ValueList
{
    /// <summary>A list of the given items: what a collection expression calls.</summary>
    public static ValueList<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());

    /// <summary>A list of the items of any sequence, an F# list for one.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="items"/> is null.</exception>
    public static ValueList<T> From<T>(IEnumerable<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new ValueList<T>([.. items]);
    }
}
