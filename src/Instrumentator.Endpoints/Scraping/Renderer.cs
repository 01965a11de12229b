using System.Collections.Concurrent;
using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>A renderer of one registry in one format and encoding, for one reader or for many at once.</summary>
/// <remarks>Safe for use by many threads.</remarks>
/// <param name="registry">The registry.</param>
/// <param name="format">The format.</param>
/// <param name="gzip">Whether the text is compressed, if that is worth it.</param>
/// <param name="maxBytes">The maximum size of the text.</param>
/// <param name="names">The selected families, by the names of their samples; null for all.</param>
internal sealed class Renderer(
    Registry registry, ExpositionFormat format, bool gzip, long maxBytes, IReadOnlySet<string>? names = null)
{
    // A shorter text gains nothing: gzip's own header and tables are as long as the saving.
    internal const int MinToCompress = 128;

    private static readonly ConditionalWeakTable<
        Registry,
        ConcurrentDictionary<(ExpositionFormat Format, bool Gzip, long MaxBytes), Renderer>> _all = [];

    // The number of unfinished renderings of each registry, whether or not a reader waits for them.
    private static readonly ConditionalWeakTable<Registry, StrongBox<int>> _unfinished = [];

    private readonly StrongBox<int> _running = _unfinished.GetOrCreateValue(registry);
    private readonly ScrapeLoad _load = ScrapeLoad.Of(registry);
    private readonly Lock _lock = new();
    private Rendering? _last;

    /// <summary>Returns the renderer that all scrapes of a registry in this form share, at any endpoint.</summary>
    public static Renderer Of(Registry registry, ExpositionFormat format, bool gzip, long maxBytes) =>
        _all.GetOrCreateValue(registry).GetOrAdd(
            (format, gzip, maxBytes),
            static (key, registry) => new Renderer(registry, key.Format, key.Gzip, key.MaxBytes),
            registry);

    /// <summary>Returns the current rendering or starts a new one. Returns null when too many are unfinished. The
    /// reader must call <see cref="Rendering.Leave"/>.</summary>
    /// <param name="clock">Measures how long the rendering takes.</param>
    /// <param name="limit">The time after which a rendering that hangs is abandoned.</param>
    /// <param name="max">The maximum number of unfinished renderings of the registry: an abandoned one still uses
    /// memory, and maybe a thread.</param>
    public Rendering? Join(TimeProvider clock, TimeSpan limit, int max)
    {
        lock (_lock)
        {
            if (_last is not null && _last.TryJoin())
                return _last;
            return TryBegin(max) ? _last = Start(clock, limit) : null;
        }
    }

    private Rendering Start(TimeProvider clock, TimeSpan limit) =>
        Rendering.Start(cancellationToken => RenderAsync(clock, cancellationToken), clock, limit);

    private bool TryBegin(int max)
    {
        if (Interlocked.Increment(ref _running.Value) <= max)
            return true;
        Interlocked.Decrement(ref _running.Value);
        return false;
    }

#pragma warning disable CA2000 // The body returns the memory of its buffer.
    private async Task<ScrapeBody> RenderAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        ScrapeLoad.Share? memory = null;
        try
        {
            var text = await WriteAsync(ReserveAsync, cancellationToken).ConfigureAwait(false);
            return gzip && text.Length >= MinToCompress
                ? Compress(text, memory!, cancellationToken)
                : new ScrapeBody(text, null, memory);
        }
        catch
        {
            memory?.Dispose();
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _running.Value);
        }

        async ValueTask ReserveAsync() =>
            memory = await _load.ReserveAsync(clock, cancellationToken).ConfigureAwait(false);
    }

    private async Task<PooledBuffer> WriteAsync(Func<ValueTask> ready, CancellationToken cancellationToken)
    {
        var size = new ScrapeSize(maxBytes, cancellationToken);
        var text = new PooledBuffer(size);
        try
        {
            await format.WriteAsync(registry, text, names, size, ready, cancellationToken).ConfigureAwait(false);
            return text;
        }
        catch
        {
            text.Dispose();
            throw;
        }
    }

    private static ScrapeBody Compress(
        PooledBuffer text, ScrapeLoad.Share memory, CancellationToken cancellationToken)
    {
        using var plain = text;
        memory.Settle(plain.Length);
        var compressed = new PooledBuffer();
        using (var stream = new GZipStream(new BufferStream(compressed), CompressionLevel.Fastest))
        {
            foreach (var piece in plain.Pieces)
            {
                cancellationToken.ThrowIfCancellationRequested();
                stream.Write(piece.Span);
            }
        }
        return new ScrapeBody(compressed, AcceptEncoding.Gzip, memory);
    }
#pragma warning restore CA2000
}
