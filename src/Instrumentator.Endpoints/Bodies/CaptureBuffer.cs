namespace Instrumentator;

/// <summary>The size of a body, and its first bytes if its handler was selected.</summary>
/// <param name="limit">The maximum number of bytes to keep.</param>
/// <param name="isKept">Whether the handler was selected. Called at each write, since this may not be known at the
/// first.</param>
internal sealed class CaptureBuffer(int limit, Func<bool> isKept)
{
    private byte[] _bytes = [];
    private int _count;

    public ReadOnlyMemory<byte> First => _bytes.AsMemory(0, _count);

    public long Length { get; private set; }

    /// <summary>Counts bytes that bypassed the buffer.</summary>
    public void Count(long bytes) => Length += bytes;

    /// <summary>Drops everything after the first bytes.</summary>
    public void Truncate(long length) => (Length, _count) = (Math.Min(Length, length), (int)Math.Min(_count, length));

    public void Add(ReadOnlySpan<byte> written)
    {
        Length += written.Length;
        if (!isKept())
            return;
        var more = written[..Math.Min(written.Length, limit - _count)];
        if (_count + more.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_count + more.Length, Math.Min(limit, _bytes.Length * 2)));
        more.CopyTo(_bytes.AsSpan(_count));
        _count += more.Length;
    }
}
