using System.IO.Pipelines;

namespace Instrumentator;

/// <summary>A response stream that passes on writes and keeps the first bytes.</summary>
internal sealed class CapturingStream(Stream inner, CaptureBuffer kept) : DelegatingStream(inner)
{
    protected override void OnWritten(ReadOnlySpan<byte> bytes) => kept.Add(bytes);

    // When outer middleware buffers the response, an error page starts it over.
    protected override void OnLength(long length) => kept.Truncate(length);
}

/// <summary>A writer that passes on writes to the server's own writer and keeps the first bytes. Writes to this writer
/// and to the stream keep their order.</summary>
/// <remarks>A server refuses bytes beyond the <c>Content-Length</c>, so only those count that it has
/// accepted.</remarks>
internal sealed class CapturingWriter(PipeWriter inner, CaptureBuffer kept) : PipeWriter
{
    private Memory<byte> _given;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _given = inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        inner.Advance(bytes);
        kept.Add(_given.Span[..bytes]);
    }

    public override async ValueTask<FlushResult> WriteAsync(
        ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        var result = await inner.WriteAsync(source, cancellationToken).ConfigureAwait(false);
        kept.Add(source.Span);
        return result;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        inner.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);
}
