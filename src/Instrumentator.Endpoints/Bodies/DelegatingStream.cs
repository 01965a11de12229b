namespace Instrumentator;

/// <summary>A stream that delegates everything to another stream and observes the bytes.</summary>
/// <remarks>Each method calls its namesake first: the app gets the inner stream's results and exceptions, at once or
/// in a task. A write counts as soon as the inner stream has accepted it, while the buffer is still the
/// caller's.</remarks>
internal abstract class DelegatingStream(Stream inner) : Stream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => inner.CanWrite;

    public override bool CanTimeout => inner.CanTimeout;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override int ReadTimeout
    {
        get => inner.ReadTimeout;
        set => inner.ReadTimeout = value;
    }

    public override int WriteTimeout
    {
        get => inner.WriteTimeout;
        set => inner.WriteTimeout = value;
    }

    /// <summary>Gets the underlying stream.</summary>
    public Stream Inner => inner;

    public override int Read(byte[] buffer, int offset, int count) => Seen(inner.Read(buffer, offset, count));

    public override int Read(Span<byte> buffer) => Seen(inner.Read(buffer));

    public override int ReadByte()
    {
        var read = inner.ReadByte();
        OnRead(read < 0 ? 0 : 1);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        SeenAsync(inner.ReadAsync(buffer, offset, count, cancellationToken));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        SeenAsync(inner.ReadAsync(buffer, cancellationToken));

    public override IAsyncResult BeginRead(
        byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        inner.BeginRead(buffer, offset, count, callback, state);

    public override int EndRead(IAsyncResult asyncResult) => Seen(inner.EndRead(asyncResult));

    public override void Write(byte[] buffer, int offset, int count)
    {
        inner.Write(buffer, offset, count);
        OnWritten(buffer.AsSpan(offset, count));
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        OnWritten(buffer);
    }

    public override void WriteByte(byte value)
    {
        inner.WriteByte(value);
        OnWritten([value]);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        var written = inner.WriteAsync(buffer, offset, count, cancellationToken);
        if (!written.IsFaulted && !written.IsCanceled)
            OnWritten(buffer.AsSpan(offset, count));
        return written;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var written = inner.WriteAsync(buffer, cancellationToken);
        if (!written.IsFaulted && !written.IsCanceled)
            OnWritten(buffer.Span);
        return written;
    }

    public override IAsyncResult BeginWrite(
        byte[] buffer, int offset, int count, AsyncCallback? callback, object? state)
    {
        var written = inner.BeginWrite(buffer, offset, count, callback, state);
        OnWritten(buffer.AsSpan(offset, count));
        return written;
    }

    public override void EndWrite(IAsyncResult asyncResult) => inner.EndWrite(asyncResult);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void SetLength(long value)
    {
        inner.SetLength(value);
        OnLength(value);
    }

    // The inner stream's owner may reckon with a stream that the app closed.
    public override void Close() => inner.Close();

#pragma warning disable CA2215 // This stream has nothing of its own to release.
    public override ValueTask DisposeAsync() => inner.DisposeAsync();
#pragma warning restore CA2215

    /// <summary>Observes the number of bytes that were read.</summary>
    protected virtual void OnRead(int bytes) { }

    /// <summary>Observes the bytes that were written.</summary>
    protected virtual void OnWritten(ReadOnlySpan<byte> bytes) { }

    /// <summary>Observes the new length.</summary>
    protected virtual void OnLength(long length) { }

    private int Seen(int bytes)
    {
        OnRead(bytes);
        return bytes;
    }

    private async Task<int> SeenAsync(Task<int> read) => Seen(await read.ConfigureAwait(false));

    private async ValueTask<int> SeenAsync(ValueTask<int> read) => Seen(await read.ConfigureAwait(false));
}
