namespace Instrumentator;

/// <summary>A list that only grows, in pieces that stay where they are: however long it is, one item more copies nothing large and asks for no large array.</summary>
/// <remarks>One thread at a time may make room and write; all may read what was there before they were told of it.</remarks>
internal sealed class Chunks<T>
{
    private const int Bits = 10;
    private const int Size = 1 << Bits;

    // The first piece grows by doubling, so that a short list is small.
    private T[]?[] _chunks = [new T[1]];

    public ref T this[int index]
    {
        get
        {
            var chunk = Volatile.Read(ref _chunks)[(uint)index >> Bits]!;
            return ref chunk[index & (Size - 1)];
        }
    }

    /// <summary>Makes room for one item more.</summary>
    /// <param name="index">Its place: the first one behind all others.</param>
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
