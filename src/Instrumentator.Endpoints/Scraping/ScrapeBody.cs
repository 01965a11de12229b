namespace Instrumentator;

/// <summary>The body of a scrape response.</summary>
/// <param name="Buffer">The bytes.</param>
/// <param name="Encoding">The content coding of the bytes; null for none.</param>
internal sealed record ScrapeBody(PooledBuffer Buffer, string? Encoding) : IDisposable
{
    public long Length => Buffer.Length;

    public IEnumerable<ReadOnlyMemory<byte>> Pieces => Buffer.Pieces;

    public void Dispose() => Buffer.Dispose();
}
