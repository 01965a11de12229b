namespace Instrumentator;

/// <summary>The reader of one scrape, and how far it is behind in taking its response.</summary>
/// <remarks>Safe for use by many threads: one sends, and others look how far the reader is behind.</remarks>
/// <param name="endpoint">The endpoint that the reader asks.</param>
/// <param name="clock">Measures how far it is behind.</param>
#pragma warning disable CA1001 // A source of cancellation without a timer or a wait handle has nothing to dispose of.
internal sealed class ScrapeReader(object endpoint, TimeProvider clock)
#pragma warning restore CA1001
{
    // As much as a server buffers for a connection: a reader that takes nothing costs hardly more than one piece.
    internal const int MaxPiece = 64 * 1024;

    // A reader that takes longer for its whole response, by Prometheus's default timeout, gives up anyway.
    private static readonly TimeSpan _pace = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _ended = new();

    // When the next piece was due: at the pace, from the previous piece on.
    private long _due = long.MaxValue;

    public object Endpoint => endpoint;

    /// <summary>Gets a token that is canceled when another scrape needs the place or the memory.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Gets how far the reader is behind the pace. Negative if no response is being sent.</summary>
    public TimeSpan Behind => clock.GetElapsedTime(Volatile.Read(ref _due));

    public void End() => _ = _ended.CancelAsync();

    /// <summary>Returns the response in pieces. The reader has taken a piece when the next one is requested.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Take(ScrapeBody body)
    {
        Volatile.Write(ref _due, clock.GetTimestamp());
        foreach (var bytes in body.Pieces)
        {
            for (var i = 0; i < bytes.Length; i += MaxPiece)
            {
                var piece = bytes[i..Math.Min(i + MaxPiece, bytes.Length)];
                yield return piece;
                Took(piece.Length, body.Length);
            }
        }
    }

    // Whoever was faster than the pace gets no credit, so that a reader that stops is noticed at once.
    private void Took(long bytes, long length)
    {
        var time = (long)(_pace.TotalSeconds * clock.TimestampFrequency * bytes / length);
        Volatile.Write(ref _due, Math.Min(_due + time, clock.GetTimestamp()));
    }
}
