using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator;

/// <summary>Passes a response body on as it is written, and keeps its first bytes and its length where its handler was chosen.</summary>
#pragma warning disable CA1001 // The stream keeps bytes for metric functions, which may run last; it holds nothing but memory.
internal sealed class ResponseBodyCapture : IHttpResponseBodyFeature
#pragma warning restore CA1001
{
    private readonly HttpContext _context;
    private readonly IHttpResponseBodyFeature _inner;
    private readonly Func<Route> _route;
    private readonly CapturingStream _stream;
    private PipeWriter? _writer;
    private Route? _known;

    private ResponseBodyCapture(HttpContext context, IHttpResponseBodyFeature inner, int limit, Func<Route> route)
    {
        (_context, _inner, _route) = (context, inner, route);
        _stream = new CapturingStream(inner.Stream, limit, () => IsKept);
    }

    /// <summary>Whether the handler was chosen. Asked when the first byte is written, since the endpoint may be unknown before.</summary>
    public bool IsKept => (_known ??= _route()).KeepsBody;

    /// <summary>The first bytes.</summary>
    public ReadOnlyMemory<byte> Kept => _stream.Kept;

    /// <summary>How many bytes were written.</summary>
    public long Length => _stream.Written;

    public Stream Stream => _stream;

    public PipeWriter Writer => _writer ??= PipeWriter.Create(_stream, new StreamPipeWriterOptions(leaveOpen: true));

    /// <summary>Takes the place of the response body feature.</summary>
    public static ResponseBodyCapture? Start(HttpContext context, int limit, Func<Route> route)
    {
        if (context.Features.Get<IHttpResponseBodyFeature>() is not { } inner)
            return null;
        var capture = new ResponseBodyCapture(context, inner, limit, route);
        context.Features.Set<IHttpResponseBodyFeature>(capture);
        context.Features.Set(capture);
        return capture;
    }

    /// <summary>Gives the place back. What was kept stays readable.</summary>
    public void Stop()
    {
        if (ReferenceEquals(_context.Features.Get<IHttpResponseBodyFeature>(), this))
            _context.Features.Set(_inner);
    }

    /// <summary>Sends what was written to the writer and not flushed.</summary>
    public async ValueTask FlushAsync()
    {
        if (_writer is not null)
            await _writer.FlushAsync().ConfigureAwait(false);
    }

    public void DisableBuffering() => _inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => _inner.StartAsync(cancellationToken);

    public async Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        await FlushAsync().ConfigureAwait(false);
        if (IsKept)
            await SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken).ConfigureAwait(false);
        else
            await _inner.SendFileAsync(path, offset, count, cancellationToken).ConfigureAwait(false);
    }

    public async Task CompleteAsync()
    {
        await FlushAsync().ConfigureAwait(false);
        await _inner.CompleteAsync().ConfigureAwait(false);
    }
}
