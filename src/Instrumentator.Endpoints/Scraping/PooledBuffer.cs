using System.Buffers;

namespace Instrumentator;

/// <summary>A buffer in memory of the shared pool, to which it is returned: a scrape after the first one leaves no
/// garbage of its size.</summary>
/// <remarks>No memory is rented before the first write. For use by one thread at a time.</remarks>
/// <param name="lastLength">The length of the previous buffer of its kind, in bytes. Scrapes differ little, so the
/// buffer seldom grows, which copies its content.</param>
internal sealed class PooledBuffer(int lastLength = 0) : IBufferWriter<byte>, IDisposable
{
    private const int Least = 64 * 1024;

    private byte[] _bytes = [];
    private int _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsSpan(_length);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _length) = ([], 0);
    }

    private void MakeRoom(int size)
    {
        if (_bytes.Length - _length >= Math.Max(size, 1))
            return;
        var larger = ArrayPool<byte>.Shared.Rent(
            Math.Max(_length + size, _length == 0 ? lastLength + Least : _bytes.Length * 2));
        Written.Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
