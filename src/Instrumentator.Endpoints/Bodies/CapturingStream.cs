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
/// <remarks>The inner writer is called first: what it rejects, such as bytes beyond the <c>Content-Length</c>, does not
/// count, and the app gets its exception.</remarks>
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
        var written = _given[..Math.Min(bytes, _given.Length)];
        kept.Add(written.Span);
        kept.Count(bytes - written.Length);
        _given = _given[written.Length..];
    }

    // The source is still the caller's, even if the write is not complete.
    public override ValueTask<FlushResult> WriteAsync(
        ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        var result = inner.WriteAsync(source, cancellationToken);
        if (!result.IsFaulted && !result.IsCanceled)
            kept.Add(source.Span);
        return result;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        _given = default;
        return inner.FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);
}
