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
    private readonly int _limit;
    private readonly Func<Route> _route;
    private readonly CaptureBuffer _kept;
    private Stream? _stream;
    private PipeWriter? _writer;
    private Route? _known;

    private ResponseBodyCapture(
        HttpContext context, IHttpResponseBodyFeature inner, RequestRecorder recorder, Func<Route> route)
    {
        (_context, _inner, _countsAll, _route) = (context, inner, recorder.CountsBytes, route);
        _limit = recorder.BodyLimit;
        _kept = new CaptureBuffer(_limit, () => IsKept);
    }

    /// <summary>Whether the handler was selected. Evaluated when the first byte is written, since the endpoint may be
    /// unknown before.</summary>
    public bool IsKept
    {
        get
        {
            try
            {
                return (_known ??= _route()).KeepsBody;
            }
#pragma warning disable CA1031 // The app is writing, and finding its route must not affect that.
            catch (Exception)
#pragma warning restore CA1031
            {
                return false;
            }
        }
    }

    /// <summary>Gets the first bytes.</summary>
    public ReadOnlyMemory<byte> Kept => _kept.First;

    public Stream Stream => _stream ??= new CapturingStream(_inner.Stream, _kept);

    public PipeWriter Writer => _writer ??= new CapturingWriter(_inner.Writer, _kept);

    /// <summary>Replaces the response body feature.</summary>
    public static ResponseBodyCapture? Start(HttpContext context, RequestRecorder recorder, Func<Route> route)
    {
        if (context.Feature<IHttpResponseBodyFeature>() is not { } inner)
            return null;
        var capture = new ResponseBodyCapture(context, inner, recorder, route);
        context.Features.Set<IHttpResponseBodyFeature>(capture);
        return capture;
    }

    /// <summary>Lets metric functions find the kept bytes. Only after the request, so that the app never sees more
    /// features than without this library.</summary>
    public void ShowTo(HttpContext context) => context.Features.Set(this);

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
        IsKept || _countsAll
            ? SendAndCountAsync(path, offset, count, cancellationToken)
            : _inner.SendFileAsync(path, offset, count, cancellationToken);

    public Task CompleteAsync() => _inner.CompleteAsync();

    // The inner feature may have a faster way to send a file than through a stream, and may start the response first.
    private async Task SendAndCountAsync(string path, long offset, long? count, CancellationToken cancellationToken)
    {
        // Read before sending: the file may be gone afterward.
        var (first, length) = Read(path, offset, count, IsKept ? _limit : 0);
        await _inner.SendFileAsync(path, offset, count, cancellationToken).ConfigureAwait(false);
        _kept.Add(first);
        _kept.Count(length - first.Length);
    }

    // Opening resolves links.
    private static (byte[] First, long Length) Read(string path, long offset, long? count, int limit)
    {
        try
        {
            using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            var length = count ?? RandomAccess.GetLength(file) - offset;
            var first = new byte[Math.Min(length, limit)];
            var read = RandomAccess.Read(file, first, offset);
            return (first[..read], length);
        }
#pragma warning disable CA1031 // If the file cannot be read, the inner feature reports it.
        catch (Exception)
#pragma warning restore CA1031
        {
            return ([], count ?? 0);
        }
    }
}
