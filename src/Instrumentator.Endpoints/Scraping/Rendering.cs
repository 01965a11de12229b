namespace Instrumentator;

/// <summary>A scrape that is rendered once for all readers that request it in the meantime. No reader owns it: the
/// first to join may be the first to leave.</summary>
/// <remarks>Safe for use by many threads. Each reader waits for <see cref="Done"/> as long as it chooses, and leaves
/// once, after it has sent its response.</remarks>
#pragma warning disable CA1001 // A source of cancellation without a timer or a wait handle has nothing to dispose of.
internal sealed class Rendering
#pragma warning restore CA1001
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _nobodyWaits = new();

    // Continuations run asynchronously: the next step of one reader must not delay the others.
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<CancellationToken, Task<ScrapeBody>> _render;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _limit;
    private readonly long _started;
    private int _readers = 1;

    private Rendering(Func<CancellationToken, Task<ScrapeBody>> render, TimeProvider clock, TimeSpan limit) =>
        (_render, _clock, _limit, _started) = (render, clock, limit, clock.GetTimestamp());

    /// <summary>Gets a task that completes, always successfully, on a body or a failure.</summary>
    public Task Done => _done.Task;

    /// <summary>Gets the rendered body, valid until the last reader leaves. Null before completion and after a
    /// failure.</summary>
    public ScrapeBody? Body { get; private set; }

    public Exception? Failure { get; private set; }

    /// <summary>Starts a rendering with one reader.</summary>
    /// <param name="render">Renders the body. It may ignore cancellation: no reader waits for it then.</param>
    /// <param name="clock">Measures how long the rendering takes.</param>
    /// <param name="limit">How long others may join; later readers do not wait for a rendering that hangs.</param>
    public static Rendering Start(Func<CancellationToken, Task<ScrapeBody>> render, TimeProvider clock, TimeSpan limit)
    {
        var rendering = new Rendering(render, clock, limit);

        // Long texts must not keep a reader's thread. Nor may collectors see the first reader's context.
        ThreadPool.UnsafeQueueUserWorkItem(static one => _ = one.RunAsync(), rendering, preferLocal: true);
        return rendering;
    }

    /// <summary>Adds a reader. Returns false if the rendering is complete, abandoned, or past its limit.</summary>
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

    /// <summary>Removes a reader. The last one returns the memory, or cancels the work.</summary>
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
#pragma warning disable CA1031 // Each reader receives the failure, whatever it is.
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

            // Before SetResult: a reader that sees completion sees the final state.
            if (_readers == 0)
                body?.Dispose();
            _done.SetResult();
        }
    }
}
