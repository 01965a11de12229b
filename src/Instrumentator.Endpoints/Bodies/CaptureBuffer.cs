namespace Instrumentator;

/// <summary>The size of a body, and its first bytes if its handler was selected.</summary>
/// <remarks>Safe for use by many threads: an app may write without awaiting the write before.</remarks>
/// <param name="limit">The maximum number of bytes to keep.</param>
/// <param name="isKept">Whether the handler was selected. Called at each write, since this may not be known at the
/// first.</param>
internal sealed class CaptureBuffer(int limit, Func<bool> isKept)
{
    private readonly Lock _lock = new();
    private byte[] _bytes = [];
    private int _count;
    private long _length;

    public ReadOnlyMemory<byte> First
    {
        get
        {
            lock (_lock)
                return _bytes.AsMemory(0, _count);
        }
    }

    public long Length
    {
        get
        {
            lock (_lock)
                return _length;
        }
    }

    /// <summary>Counts bytes that bypassed the buffer.</summary>
    public void Count(long bytes)
    {
        lock (_lock)
            _length += bytes;
    }

    /// <summary>Drops everything after the first bytes.</summary>
    public void Truncate(long length)
    {
        lock (_lock)
            (_length, _count) = (Math.Min(_length, length), (int)Math.Min(_count, length));
    }

    public void Add(ReadOnlySpan<byte> written)
    {
        var keeps = isKept();
        lock (_lock)
        {
            _length += written.Length;
            if (keeps)
                Keep(written[..Math.Min(written.Length, limit - _count)]);
        }
    }

    private void Keep(ReadOnlySpan<byte> more)
    {
        if (_count + more.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_count + more.Length, Math.Min(limit, _bytes.Length * 2)));
        more.CopyTo(_bytes.AsSpan(_count));
        _count += more.Length;
    }
}
