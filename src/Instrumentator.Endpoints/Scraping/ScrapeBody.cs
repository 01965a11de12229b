namespace Instrumentator;

/// <summary>What is sent of a scrape.</summary>
/// <param name="Buffer">Its bytes.</param>
/// <param name="Encoding">The content coding that they have; null for none.</param>
internal sealed record ScrapeBody(PooledBuffer Buffer, string? Encoding) : IDisposable
{
    public ReadOnlyMemory<byte> Bytes => Buffer.Written;

    public void Dispose() => Buffer.Dispose();
}
