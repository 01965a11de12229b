using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator;

/// <summary>Counts the bytes of a request's body as the app reads them, through its stream or through its pipe.</summary>
/// <remarks>Both go on to the server's own, which share what they buffer: so an app may change from one to the other.</remarks>
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
        // The reader first: the server makes another one when the stream is another one.
        (_context, _reader, _before) = (context, new CountingReader(context.Request.BodyReader), context.Feature<IRequestBodyPipeFeature>());
        _stream = new CountingStream(context.Request.Body);
    }

    /// <summary>How many bytes were read.</summary>
    public long Length => _stream.Count + _reader.Count;

    /// <summary>The reader of the body as it is now: middleware may have put another stream in its place.</summary>
    public PipeReader Reader => ReferenceEquals(_context.Request.Body, _stream) ? _reader : ReaderOf(_context.Request.Body);

    /// <summary>Takes the place of the request's body; null where there is none.</summary>
    public static RequestBodyCount? Start(HttpContext context)
    {
        if (context.Feature<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return null;
        var count = new RequestBodyCount(context);
        context.Request.Body = count._stream;
        context.Features.Set<IRequestBodyPipeFeature>(count);
        return count;
    }

    /// <summary>Gives the place back.</summary>
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

        // What was buffered outside can be read twice, and was sent once.
        protected override void OnRead(int bytes) => Count = CanSeek ? Math.Max(Count, Position) : Count + bytes;
    }

    /// <summary>Counts what the app takes. What it only looks at, it gets again.</summary>
    private sealed class CountingReader(PipeReader inner) : PipeReader
    {
        private System.Buffers.ReadOnlySequence<byte> _given;

        public long Count { get; private set; }

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => Give(await inner.ReadAsync(cancellationToken).ConfigureAwait(false));

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
