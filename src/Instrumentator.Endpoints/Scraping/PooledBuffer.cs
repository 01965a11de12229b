using System.Buffers;

namespace Instrumentator;

/// <summary>A buffer in memory of the shared pool, which is given back: a scrape after the first one leaves no garbage of its size.</summary>
/// <remarks>One is as large as the last one was full, since scrapes differ little: so it seldom grows, which copies all that is there.</remarks>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private const int Least = 64 * 1024;

    private static int _lastLength;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(Volatile.Read(ref _lastLength) + Least, Least));
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
        Volatile.Write(ref _lastLength, _length);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void MakeRoom(int size)
    {
        if (_bytes.Length - _length >= Math.Max(size, 1))
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + size));
        Written.Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
