using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator;

/// <summary>A response body that passes on writes, counts the bytes, and keeps the first ones if its handler was
/// selected.</summary>
internal sealed class ResponseBodyCapture : IHttpResponseBodyFeature
{
    private readonly HttpContext _context;
    private readonly IHttpResponseBodyFeature _inner;
    private readonly bool _countsAll;
    private readonly Func<Route> _route;
    private readonly CaptureBuffer _kept;
    private Stream? _stream;
    private PipeWriter? _writer;
    private Route? _known;

    private ResponseBodyCapture(
        HttpContext context, IHttpResponseBodyFeature inner, RequestRecorder recorder, Func<Route> route)
    {
        (_context, _inner, _countsAll, _route) = (context, inner, recorder.CountsBytes, route);
        _kept = new CaptureBuffer(recorder.BodyLimit, () => IsKept);
    }

    /// <summary>Whether the handler was selected. Evaluated when the first byte is written, since the endpoint may be
    /// unknown before.</summary>
    public bool IsKept => (_known ??= _route()).KeepsBody;

    /// <summary>Gets the first bytes.</summary>
    public ReadOnlyMemory<byte> Kept => _kept.First;

    public Stream Stream => _stream ??= new CapturingStream(_inner.Stream, _kept);

    public PipeWriter Writer => _writer ??= new CapturingWriter(_inner.Writer, _kept);

    /// <summary>Returns the first bytes of a response body; empty if they are not kept.</summary>
    /// <remarks>A request within a request may have copies of the outer one's features.</remarks>
    public static ReadOnlyMemory<byte> KeptOf(HttpContext context) =>
        context.Feature<ResponseBodyCapture>() is { } capture && ReferenceEquals(capture._context, context)
            ? capture.Kept
            : default;

    /// <summary>Replaces the response body feature.</summary>
    public static ResponseBodyCapture? Start(HttpContext context, RequestRecorder recorder, Func<Route> route)
    {
        if (context.Feature<IHttpResponseBodyFeature>() is not { } inner)
            return null;
        var capture = new ResponseBodyCapture(context, inner, recorder, route);
        context.Features.Set<IHttpResponseBodyFeature>(capture);
        context.Features.Set(capture);
        return capture;
    }

    /// <summary>Makes this the capture that metric functions read: an inner recorder may have its own.</summary>
    public void Show()
    {
        if (!ReferenceEquals(_context.Feature<ResponseBodyCapture>(), this))
            _context.Features.Set(this);
    }

    /// <summary>Restores the original feature. The kept bytes stay readable.</summary>
    public void Stop()
    {
        if (ReferenceEquals(_context.Feature<IHttpResponseBodyFeature>(), this))
            _context.Features.Set(_inner);
    }

    /// <summary>Returns the number of bytes sent if that is the size of the response, or null if
    /// <c>Content-Length</c> is.</summary>
    /// <param name="response">The response.</param>
    /// <param name="method">The method with which the request arrived: middleware may have changed it.</param>
    public long? CountFor(HttpResponse response, string? method) =>
        !_countsAll && (!IsKept || response.ContentLength is not null) ? null
        : ResponseContent.IsAllowed(method, response.StatusCode) ? _kept.Length
        : 0;

    public void DisableBuffering() => _inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => _inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        IsKept ? SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken)
        : _countsAll ? SendAndCountAsync(path, offset, count, cancellationToken)
        : _inner.SendFileAsync(path, offset, count, cancellationToken);

    public Task CompleteAsync() => _inner.CompleteAsync();

    // The server may have a faster way to send a file than through a stream.
    private async Task SendAndCountAsync(string path, long offset, long? count, CancellationToken cancellationToken)
    {
        // Get the length before sending: the file may be gone afterward.
        var length = count ?? LengthOf(path) - offset;
        await _inner.SendFileAsync(path, offset, count, cancellationToken).ConfigureAwait(false);
        _kept.Count(length);
    }

    // The length of the target of a link. If the file cannot be opened, the server reports it.
    private static long LengthOf(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, options: FileOptions.Asynchronous);
            return RandomAccess.GetLength(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return 0;
        }
    }
}
