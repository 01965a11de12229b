using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator;

/// <summary>A counter of the bytes of a request body that the app reads, through its stream or through its
/// pipe.</summary>
/// <remarks>Both delegate to those of the server, which share a buffer, so an app may switch between them.</remarks>
#pragma warning disable CA1001 // The streams in it are the server's.
internal sealed class RequestBodyCount : IRequestBodyPipeFeature
#pragma warning restore CA1001
{
    private readonly HttpContext _context;
    private readonly CountingStream _stream;
    private readonly CountingReader _reader;
    private readonly IRequestBodyPipeFeature? _before;
    private Stream? _other;
    private PipeReader? _otherReader;

    private RequestBodyCount(HttpContext context)
    {
        // Get the reader first: the server creates a new one when the stream is replaced.
        (_context, _reader, _before) = (
            context,
            new CountingReader(context.Request.BodyReader),
            context.Feature<IRequestBodyPipeFeature>());
        _stream = new CountingStream(context.Request.Body);
    }

    /// <summary>Gets the number of bytes read.</summary>
    public long Length => _stream.Count + _reader.Count;

    /// <summary>Gets the reader of the current body: middleware may have replaced the stream.</summary>
    public PipeReader Reader =>
        ReferenceEquals(_context.Request.Body, _stream) ? _reader : ReaderOf(_context.Request.Body);

    /// <summary>Replaces the request body. Returns null when there is none.</summary>
    public static RequestBodyCount? Start(HttpContext context)
    {
        if (context.Feature<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return null;
        var count = new RequestBodyCount(context);
        context.Request.Body = count._stream;
        context.Features.Set<IRequestBodyPipeFeature>(count);
        return count;
    }

    /// <summary>Restores the request body.</summary>
    public void Stop()
    {
        if (ReferenceEquals(_context.Request.Body, _stream))
            _context.Request.Body = _stream.Inner;
        if (ReferenceEquals(_context.Feature<IRequestBodyPipeFeature>(), this))
            _context.Features.Set(_before);
    }

    private PipeReader ReaderOf(Stream body)
    {
        if (!ReferenceEquals(_other, body))
            (_other, _otherReader) = (body, PipeReader.Create(body, new StreamPipeReaderOptions(leaveOpen: true)));
        return _otherReader!;
    }

    private sealed class CountingStream(Stream inner) : DelegatingStream(inner)
    {
        public long Count { get; private set; }

        // A body that outer middleware buffers can be read twice, but was sent once.
        protected override void OnRead(int bytes) => Count = CanSeek ? Math.Max(Count, Position) : Count + bytes;
    }

    /// <summary>A reader that counts the bytes that the app consumes. Bytes that it only examines are returned
    /// again.</summary>
    private sealed class CountingReader(PipeReader inner) : PipeReader
    {
        private System.Buffers.ReadOnlySequence<byte> _given;

        public long Count { get; private set; }

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            Give(await inner.ReadAsync(cancellationToken).ConfigureAwait(false));

        public override bool TryRead(out ReadResult result)
        {
            if (!inner.TryRead(out result))
                return false;
            Give(result);
            return true;
        }

        public override void AdvanceTo(SequencePosition consumed)
        {
            Count += _given.Slice(0, consumed).Length;
            inner.AdvanceTo(consumed);
        }

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            Count += _given.Slice(0, consumed).Length;
            inner.AdvanceTo(consumed, examined);
        }

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

        private ReadResult Give(ReadResult result)
        {
            _given = result.Buffer;
            return result;
        }
    }
}
