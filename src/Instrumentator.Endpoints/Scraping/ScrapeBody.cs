namespace Instrumentator;

/// <summary>The body of a scrape response.</summary>
internal sealed class ScrapeBody : IDisposable
{
    private readonly PooledBuffer _buffer;
    private readonly ScrapeLoad.Share? _memory;

    /// <summary>Creates a body of bytes, which take their part of the memory of scrapes.</summary>
    /// <param name="buffer">The bytes.</param>
    /// <param name="encoding">The content coding of the bytes; null for none.</param>
    /// <param name="memory">The memory that was reserved for the bytes; null for none.</param>
    public ScrapeBody(PooledBuffer buffer, string? encoding, ScrapeLoad.Share? memory = null)
    {
        (_buffer, Encoding, _memory) = (buffer, encoding, memory);
        memory?.Settle(buffer.Length);
    }

    public string? Encoding { get; }

    public long Length => _buffer.Length;

    public IEnumerable<ReadOnlyMemory<byte>> Pieces => _buffer.Pieces;

    public void Dispose()
    {
        _buffer.Dispose();
        _memory?.Dispose();
    }
}
