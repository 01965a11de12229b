using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator;

/// <summary>Passes a response body on as it is written, and keeps its first bytes and its length where its handler was chosen.</summary>
internal sealed class ResponseBodyCapture : IHttpResponseBodyFeature
{
    private readonly HttpContext _context;
    private readonly IHttpResponseBodyFeature _inner;
    private readonly Func<Route> _route;
    private readonly KeptBytes _kept;
    private Stream? _stream;
    private PipeWriter? _writer;
    private Route? _known;

    private ResponseBodyCapture(HttpContext context, IHttpResponseBodyFeature inner, int limit, Func<Route> route)
    {
        (_context, _inner, _route) = (context, inner, route);
        _kept = new KeptBytes(limit, () => IsKept);
    }

    /// <summary>Whether the handler was chosen. Asked when the first byte is written, since the endpoint may be unknown before.</summary>
    public bool IsKept => (_known ??= _route()).KeepsBody;

    /// <summary>The first bytes.</summary>
    public ReadOnlyMemory<byte> Kept => _kept.First;

    /// <summary>How many bytes were written.</summary>
    public long Length => _kept.Length;

    public Stream Stream => _stream ??= new CapturingStream(_inner.Stream, _kept);

    public PipeWriter Writer => _writer ??= new CapturingWriter(_inner.Writer, _kept);

    /// <summary>Takes the place of the response body feature.</summary>
    public static ResponseBodyCapture? Start(HttpContext context, int limit, Func<Route> route)
    {
        if (context.Feature<IHttpResponseBodyFeature>() is not { } inner)
            return null;
        var capture = new ResponseBodyCapture(context, inner, limit, route);
        context.Features.Set<IHttpResponseBodyFeature>(capture);
        context.Features.Set(capture);
        return capture;
    }

    /// <summary>Gives the place back. What was kept stays readable.</summary>
    public void Stop()
    {
        if (ReferenceEquals(_context.Feature<IHttpResponseBodyFeature>(), this))
            _context.Features.Set(_inner);
    }

    public void DisableBuffering() => _inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => _inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => IsKept
        ? SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken)
        : _inner.SendFileAsync(path, offset, count, cancellationToken);

    public Task CompleteAsync() => _inner.CompleteAsync();
}
