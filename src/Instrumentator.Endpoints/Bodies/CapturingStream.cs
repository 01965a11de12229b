using System.IO.Pipelines;

namespace Instrumentator;

/// <summary>A response's stream as it is, whose first bytes are kept.</summary>
internal sealed class CapturingStream(Stream inner, CaptureBuffer kept) : DelegatingStream(inner)
{
    protected override void OnWritten(ReadOnlySpan<byte> bytes) => kept.Add(bytes);

    // An error page begins anew where middleware outside keeps what is written.
    protected override void OnLength(long length) => kept.Truncate(length);
}

/// <summary>Writes through to the server's own writer, and keeps the first bytes. What is written here and to the stream stays in its order.</summary>
internal sealed class CapturingWriter(PipeWriter inner, CaptureBuffer kept) : PipeWriter
{
    private Memory<byte> _given;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _given = inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        kept.Add(_given.Span[..bytes]);
        inner.Advance(bytes);
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        kept.Add(source.Span);
        return inner.WriteAsync(source, cancellationToken);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);
}
