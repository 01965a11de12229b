using System.Buffers;

namespace Instrumentator;

/// <summary>A buffer of pieces of the shared pool, to which they are returned: a scrape after the first one leaves no
/// garbage of its size. Growth copies nothing.</summary>
/// <remarks>No memory is rented before the first write. Written by one thread; what is written may be read by
/// many.</remarks>
/// <param name="size">The size of the scrape. Once it is too large, the buffer keeps no more than one piece. Null for
/// no limit.</param>
internal sealed class PooledBuffer(ScrapeSize? size = null) : IBufferWriter<byte>, IDisposable
{
    // A piece is at most an eighth of the buffer, so little memory stays unused, and pieces have many sizes: the pool
    // keeps 32 of a size for each core.
    private const int MinPiece = 64 * 1024;
    private const int MaxPiece = 16 * 1024 * 1024;

    private readonly List<ArraySegment<byte>> _full = [];
    private byte[] _piece = [];
    private int _used;
    private long _before;

    /// <summary>Gets the number of bytes written.</summary>
    public long Length => _before + _used;

    /// <summary>Gets the bytes written, in order.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Pieces
    {
        get
        {
            foreach (var piece in _full)
                yield return piece;
            if (_used > 0)
                yield return _piece.AsMemory(0, _used);
        }
    }

    public void Advance(int count) => _used += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _piece.AsMemory(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _piece.AsSpan(_used);
    }

    /// <summary>Returns all memory to the pool. The buffer is then empty.</summary>
    public void Dispose()
    {
        foreach (var piece in _full)
            ArrayPool<byte>.Shared.Return(piece.Array!);
        ArrayPool<byte>.Shared.Return(_piece);
        _full.Clear();
        (_piece, _used, _before) = ([], 0, 0);
    }

    private void MakeRoom(int hint)
    {
        if (_piece.Length - _used < Math.Max(hint, 1))
            AddPiece(hint);
    }

    private void AddPiece(int hint)
    {
        if (size is { IsTooLarge: true })
            Dispose();
        else if (_used > 0)
            _full.Add(new ArraySegment<byte>(_piece, 0, _used));
        else
            ArrayPool<byte>.Shared.Return(_piece);
        (_before, _used) = (Length, 0);

        // The pool rounds up to a power of two.
        _piece = ArrayPool<byte>.Shared.Rent(Math.Max(hint, (int)Math.Clamp(_before / 16, MinPiece, MaxPiece)));
    }
}
