using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator;

/// <summary>Counts the bytes of a request's body as the app reads them, through its stream or through its pipe.</summary>
internal sealed class RequestBodyCount
{
    private readonly HttpContext _context;
    private readonly CountingStream _stream;

#pragma warning disable CA2000 // It owns nothing: the server's stream is the server's.
    private RequestBodyCount(HttpContext context) => (_context, _stream) = (context, new CountingStream(context.Request.Body));
#pragma warning restore CA2000

    /// <summary>How many bytes were read.</summary>
    public long Length => _stream.Count;

    /// <summary>Takes the place of the request's body; null where there is none.</summary>
    /// <remarks>Servers make the reader of the pipe anew, of this stream, when the stream is another one.</remarks>
    public static RequestBodyCount? Start(HttpContext context)
    {
        if (context.Feature<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return null;
        var count = new RequestBodyCount(context);
        context.Request.Body = count._stream;
        return count;
    }

    /// <summary>Gives the place back.</summary>
    public void Stop()
    {
        if (ReferenceEquals(_context.Request.Body, _stream))
            _context.Request.Body = _stream.Inner;
    }

    /// <summary>The body as the server has it, and how much of it was read.</summary>
    private sealed class CountingStream(Stream inner) : Stream
    {
        public Stream Inner => inner;

        public long Count { get; private set; }

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

        public override int Read(byte[] buffer, int offset, int count) => Add(inner.Read(buffer, offset, count));

        public override int Read(Span<byte> buffer) => Add(inner.Read(buffer));

        public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            await ReadAsync(buffer.AsMemory(offset, count), cancellationToken).ConfigureAwait(false);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Add(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void SetLength(long value) => inner.SetLength(value);

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        private int Add(int bytes)
        {
            Count += bytes;
            return bytes;
        }
    }
}
