using System.Collections.Concurrent;
using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>Renders one registry in one format and encoding, for one reader or for many at once.</summary>
/// <remarks>Safe for use by many threads.</remarks>
/// <param name="registry">The registry.</param>
/// <param name="format">The format.</param>
/// <param name="gzip">Whether it is compressed, where that is worth it.</param>
/// <param name="names">The families that are wanted, by the names of their samples; null for all.</param>
internal sealed class Renderer(Registry registry, ExpositionFormat format, bool gzip, IReadOnlySet<string>? names = null)
{
    // What is shorter gains nothing: gzip's own header and tables are as long as what it saves.
    internal const int LeastToCompress = 128;

    private static readonly ConditionalWeakTable<Registry, ConcurrentDictionary<(ExpositionFormat Format, bool Gzip), Renderer>> _all = [];

    // Of each registry, how many renderings have not ended, whether or not somebody waits for them.
    private static readonly ConditionalWeakTable<Registry, StrongBox<int>> _unfinished = [];

    private readonly StrongBox<int> _running = _unfinished.GetOrCreateValue(registry);
    private readonly Lock _lock = new();
    private Rendering? _last;
    private int _textLength;
    private int _compressedLength;

    /// <summary>The one for all who scrape this registry so, at whichever endpoint.</summary>
    public static Renderer Of(Registry registry, ExpositionFormat format, bool gzip) =>
        _all.GetOrCreateValue(registry).GetOrAdd((format, gzip), static (key, registry) => new Renderer(registry, key.Format, key.Gzip), registry);

    /// <summary>What is being rendered now, or else a new one; null where too many did not end. Its reader must leave it.</summary>
    /// <param name="clock">Says how long it takes.</param>
    /// <param name="limit">When one that hangs is left to itself.</param>
    /// <param name="most">How many of the registry may go on at once: what is left to itself still takes memory, and maybe a thread.</param>
    public Rendering? Join(TimeProvider clock, TimeSpan limit, int most)
    {
        lock (_lock)
        {
            if (_last is not null && _last.TryJoin())
                return _last;
            return TryBegin(most) ? _last = Rendering.Start(RenderAsync, clock, limit) : null;
        }
    }

    private bool TryBegin(int most)
    {
        if (Interlocked.Increment(ref _running.Value) <= most)
            return true;
        Interlocked.Decrement(ref _running.Value);
        return false;
    }

    private async Task<ScrapeBody> RenderAsync(CancellationToken cancellation)
    {
        try
        {
            var text = await WriteAsync(cancellation).ConfigureAwait(false);
            _textLength = text.Written.Length;
            return gzip && _textLength >= LeastToCompress ? Compress(text) : new ScrapeBody(text, null);
        }
        finally
        {
            Interlocked.Decrement(ref _running.Value);
        }
    }

    private async Task<PooledBuffer> WriteAsync(CancellationToken cancellation)
    {
        var text = new PooledBuffer(_textLength);
        try
        {
            await format.WriteAsync(registry, text, names, cancellation).ConfigureAwait(false);
            return text;
        }
        catch
        {
            text.Dispose();
            throw;
        }
    }

    private ScrapeBody Compress(PooledBuffer text)
    {
        using var plain = text;
        var compressed = new PooledBuffer(_compressedLength);
        using (var stream = new GZipStream(new BufferStream(compressed), CompressionLevel.Fastest))
            stream.Write(plain.Written.Span);
        _compressedLength = compressed.Written.Length;
        return new ScrapeBody(compressed, AcceptEncoding.Gzip);
    }
}
