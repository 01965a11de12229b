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
    private readonly IHttpRequestFeature _request;
    private readonly CountingStream _stream;
    private readonly CountingReader _reader;
    private readonly IRequestBodyPipeFeature? _before;
    private readonly IRequestBodyPipeFeature? _inner;

    private RequestBodyCount(HttpContext context, IHttpRequestFeature request)
    {
        (_context, _request, _before) = (context, request, context.Feature<IRequestBodyPipeFeature>());

        // Get the reader first: the server creates a new one when the stream is replaced. Without a feature of the
        // server's, this adds the framework's.
        _reader = new CountingReader(context.Request.BodyReader);
        _inner = context.Feature<IRequestBodyPipeFeature>();
        _stream = new CountingStream(request.Body);
    }

    /// <summary>Gets the number of bytes read.</summary>
    public long Length => _stream.Count + _reader.Count;

    /// <summary>Gets the reader of the current body. If the app has replaced the body, it is the one that the app gets
    /// without this library.</summary>
    public PipeReader Reader => _inner is null || ReferenceEquals(Body, _stream) ? _reader : _inner.Reader;

    // A server reads its own request. The framework's feature reads the current one, which may be the app's.
    private Stream Body => _inner is RequestBodyPipeFeature ? _context.Request.Body : _request.Body;

    /// <summary>Replaces the request body. Returns null when there is none.</summary>
    public static RequestBodyCount? Start(HttpContext context)
    {
        if (context.Feature<IHttpRequestFeature>() is not { } request
            || context.Feature<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return null;
        }
        var count = new RequestBodyCount(context, request);
        request.Body = count._stream;
        context.Features.Set<IRequestBodyPipeFeature>(count);
        return count;
    }

    /// <summary>Restores the request body, in the request that had it. What the app replaced or removed stays
    /// so.</summary>
    public void Stop()
    {
        if (ReferenceEquals(_request.Body, _stream))
            _request.Body = _stream.Inner;
        if (ReferenceEquals(_context.Feature<IRequestBodyPipeFeature>(), this))
            _context.Features.Set(_before);
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

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            GiveAsync(inner.ReadAsync(cancellationToken));

        public override bool TryRead(out ReadResult result)
        {
            if (!inner.TryRead(out result))
                return false;
            Give(result);
            return true;
        }

        public override void AdvanceTo(SequencePosition consumed)
        {
            var length = LengthTo(consumed);
            inner.AdvanceTo(consumed);
            Count += length;
        }

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            var length = LengthTo(consumed);
            inner.AdvanceTo(consumed, examined);
            Count += length;
        }

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

        private async ValueTask<ReadResult> GiveAsync(ValueTask<ReadResult> result) =>
            Give(await result.ConfigureAwait(false));

        private ReadResult Give(ReadResult result)
        {
            _given = result.Buffer;
            return result;
        }

        // Only before the inner reader advances, which reuses the memory.
        private long LengthTo(SequencePosition consumed)
        {
            var given = _given;
            _given = default;
            try
            {
                return given.Slice(0, consumed).Length;
            }
#pragma warning disable CA1031 // A position elsewhere is the app's error, which the inner reader reports.
            catch (Exception)
#pragma warning restore CA1031
            {
                return 0;
            }
        }
    }
}
