using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>The scrapes of one registry: the readers that have a place at an endpoint, and the memory of renderings.
/// Readers that take their response too slowly lose both to others that need them.</summary>
/// <remarks>Safe for use by many threads.</remarks>
internal sealed class ScrapeLoad
{
    /// <summary>The number of bytes that renderings may take together, if two renderings do not take more.</summary>
    internal const long MaxBytes = 64 * 1024 * 1024;

    // A reader that is so far behind may lose its connection.
    private static readonly TimeSpan _maxBehind = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    private static readonly ConditionalWeakTable<Registry, ScrapeLoad> _all = [];

    private readonly Lock _lock = new();
    private readonly List<ScrapeReader> _readers = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _held;

    // The largest text so far, which the next one may take again; null before the first.
    private long? _largest;

    /// <summary>Returns the load of a registry, which is the same at every endpoint.</summary>
    public static ScrapeLoad Of(Registry registry) => _all.GetOrCreateValue(registry);

    /// <summary>Takes a place at an endpoint. If there is none, the reader that is furthest behind loses its
    /// own.</summary>
    /// <param name="reader">The reader. It must <see cref="Leave"/>.</param>
    /// <param name="max">The number of places.</param>
    /// <returns>False if there is no place, and no reader is far behind.</returns>
    public bool TryEnter(ScrapeReader reader, int max)
    {
        lock (_lock)
        {
            var others = _readers.FindAll(other => other.Endpoint == reader.Endpoint);
            if (others.Count >= max && !TryEnd(others.MaxBy(other => other.Behind)!))
                return false;
            _readers.Add(reader);
            return true;
        }
    }

    /// <summary>Frees the place of a reader, unless it has lost it.</summary>
    public void Leave(ScrapeReader reader)
    {
        lock (_lock)
            _readers.Remove(reader);
    }

    /// <summary>Reserves memory for a rendering. While too much is in use, ends the readers that are far behind, and
    /// waits for the others.</summary>
    /// <param name="clock">Measures how long to wait.</param>
    /// <param name="cancellationToken">Canceled when no reader waits for the rendering: its memory no longer
    /// counts.</param>
    public async ValueTask<Share> ReserveAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        var share = new Share(this);
        while (!TryReserve(share, out var changed))
        {
            await changed.WaitAsync(_pause, clock, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
        cancellationToken.UnsafeRegister(static share => ((Share)share!).Dispose(), share);
        return share;
    }

    private bool TryReserve(Share share, out Task changed)
    {
        lock (_lock)
        {
            changed = _changed.Task;
            var expected = _largest ?? MaxBytes;
            if (_held + expected <= Math.Max(MaxBytes, 2 * expected))
            {
                Change(share, expected);
                return true;
            }
            foreach (var reader in _readers.ToArray())
                TryEnd(reader);
            return false;
        }
    }

    private bool TryEnd(ScrapeReader reader)
    {
        if (reader.Behind < _maxBehind)
            return false;
        _readers.Remove(reader);
        reader.End();
        return true;
    }

    private void Change(Share share, long bytes)
    {
        _held += bytes - share.Bytes;
        share.Bytes = bytes;
        _changed.SetResult();
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>The memory of one rendering.</summary>
    internal sealed class Share(ScrapeLoad load) : IDisposable
    {
        private bool _isDisposed;

        public long Bytes { get; set; }

        /// <summary>Replaces the expected size by that of the text, and later by what is kept of it.</summary>
        public void Settle(long bytes)
        {
            lock (load._lock)
            {
                load._largest = Math.Max(load._largest ?? 0, bytes);
                if (!_isDisposed)
                    load.Change(this, bytes);
            }
        }

        public void Dispose()
        {
            lock (load._lock)
            {
                if (!_isDisposed)
                    load.Change(this, 0);
                _isDisposed = true;
            }
        }
    }
}
