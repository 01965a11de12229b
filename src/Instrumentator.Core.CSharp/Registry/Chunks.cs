namespace Instrumentator;

/// <summary>An append-only list in chunks that stay in place: however long it is, appending copies nothing large and
/// allocates no large array.</summary>
/// <remarks>One thread at a time may make room and write. Any thread may read an item once its index is
/// published.</remarks>
internal sealed class Chunks<T>
{
    private const int Bits = 10;
    private const int Size = 1 << Bits;

    // The first chunk grows by doubling, so that a short list is small.
    private T[]?[] _chunks = [new T[1]];

    public ref T this[int index]
    {
        get
        {
            var chunk = Volatile.Read(ref _chunks)[(uint)index >> Bits]!;
            return ref chunk[index & (Size - 1)];
        }
    }

    /// <summary>Makes room for one more item.</summary>
    /// <param name="index">The index of the item: the first one after all others.</param>
    public void MakeRoom(int index)
    {
        var chunk = index >> Bits;
        if (chunk == 0 && index == _chunks[0]!.Length)
            Volatile.Write(ref _chunks, [Larger(_chunks[0]!)]);
        if (chunk == _chunks.Length)
            Volatile.Write(ref _chunks, Larger(_chunks));
        _chunks[chunk] ??= new T[Size];
    }

    private static TItem[] Larger<TItem>(TItem[] items)
    {
        Array.Resize(ref items, items.Length * 2);
        return items;
    }
}
