namespace Instrumentator;

/// <summary>A scrape that is being rendered, once for all readers who ask for it meanwhile. It belongs to none of them: whoever came first may leave first.</summary>
/// <remarks>Safe for use by many threads. Each reader waits for <see cref="Done"/> as long as it likes, and leaves once, when it has sent what there is.</remarks>
#pragma warning disable CA1001 // A source of cancellation without a timer or a wait handle has nothing to dispose of.
internal sealed class Rendering
#pragma warning restore CA1001
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _nobodyWaits = new();

    // Each reader goes on by itself: what one of them does next must not hold up the others.
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<CancellationToken, Task<ScrapeBody>> _render;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _limit;
    private readonly long _started;
    private int _readers = 1;

    private Rendering(Func<CancellationToken, Task<ScrapeBody>> render, TimeProvider clock, TimeSpan limit) =>
        (_render, _clock, _limit, _started) = (render, clock, limit, clock.GetTimestamp());

    /// <summary>Ends when there is a body or a failure, and always well.</summary>
    public Task Done => _done.Task;

    /// <summary>What was rendered; good until the last reader leaves. Null before the end, and where that is a failure.</summary>
    public ScrapeBody? Body { get; private set; }

    public Exception? Failure { get; private set; }

    /// <summary>Begins, with one reader.</summary>
    /// <param name="render">Renders. It may ignore that it is cancelled: nobody waits for it then.</param>
    /// <param name="clock">Says how long it takes.</param>
    /// <param name="limit">So long others may join; later ones have something else to wait for than what hangs.</param>
    public static Rendering Start(Func<CancellationToken, Task<ScrapeBody>> render, TimeProvider clock, TimeSpan limit)
    {
        var rendering = new Rendering(render, clock, limit);

        // Where a source blocks its thread, that must not be a reader's. Nor is it to see whose request began.
        ThreadPool.UnsafeQueueUserWorkItem(static one => _ = one.RunAsync(), rendering, preferLocal: true);
        return rendering;
    }

    /// <summary>One reader more; false where it is over, given up, or takes longer than its limit.</summary>
    public bool TryJoin()
    {
        lock (_lock)
        {
            if (_readers == 0 || Done.IsCompleted || _clock.GetElapsedTime(_started) >= _limit)
                return false;
            _readers++;
            return true;
        }
    }

    /// <summary>One reader less. With the last one the memory is given back, or the work given up.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_readers > 0)
                return;
            if (Done.IsCompleted)
                Body?.Dispose();
            else
                _ = _nobodyWaits.CancelAsync();
        }
    }

    private async Task RunAsync()
    {
        try
        {
            End(await _render(_nobodyWaits.Token).ConfigureAwait(false), null);
        }
#pragma warning disable CA1031 // Whatever failed: each reader is told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            End(null, e);
        }
    }

    private void End(ScrapeBody? body, Exception? failure)
    {
        lock (_lock)
        {
            (Body, Failure) = (body, failure);

            // First: whoever sees that it is done sees it as it stays.
            if (_readers == 0)
                body?.Dispose();
            _done.SetResult();
        }
    }
}
