namespace Instrumentator;

/// <summary>A summary in memory of our own.</summary>
internal sealed class SummaryCell : Summary, IReadCell
{
    // As in a counter: whole numbers, sizes for one, are added without a loop, and what single threads added is in their stripes.
    private long _count;
    private long _whole;
    private double _fraction;
    private Contention _contention;
    private Words[]? _stripes;

    /// <summary>How much memory one takes.</summary>
    public const int Bytes = 48;

    public override long Count => Total().Count;

    public override double Sum => Total().Sum;

    /// <summary>Whether a whole number may be added as such. 16 MiB: half a million million such observations fit into the word.</summary>
    /// <remarks>Clients declare sizes: without this, a few huge ones could carry the sum over the end of the word.</remarks>
    public static bool IsSmall(long value) => (ulong)(value + (1L << 24)) <= 1UL << 25;

    public override void Observe(double value)
    {
        if (Stripes.Mine(ref _stripes, OwnSummary.Length) is { IsNone: false } mine)
            new OwnSummary(mine).Observe(value);
        else
            Note(AtomicDouble.Add(ref _fraction, value));
    }

    public override void Observe(long value)
    {
        if (Stripes.Mine(ref _stripes, OwnSummary.Length) is { IsNone: false } mine)
            new OwnSummary(mine).Observe(value);
        else
            Note(IsSmall(value) ? AtomicLong.Add(ref _whole, value) : AtomicDouble.Add(ref _fraction, value));
    }

    public bool Bring(int step) => Stripes.Bring(ref _stripes, step, OwnSummary.Length);

    public void TellTo(ISeriesSink sink, LabelSet labels)
    {
        var (count, sum) = Total();
        sink.Summary(labels, count, sum);
    }

    internal override Cell StripeOf(int writer) => Take(writer) is { IsNone: false } own ? new SummaryStripe(this, own) : this;

    private void Note(bool collided)
    {
        Interlocked.Increment(ref _count);
        if (collided && _contention.IsCommon())
            Take(Writer.Number);
    }

    private (long Count, double Sum) Total()
    {
        var (count, whole, fraction) = (Volatile.Read(ref _count), Volatile.Read(ref _whole), Volatile.Read(ref _fraction));
        foreach (var stripe in Volatile.Read(ref _stripes) ?? [])
            new OwnSummary(stripe).AddTo(ref count, ref whole, ref fraction);
        return (count, whole + fraction);
    }

    private Words Take(int writer) => Stripes.Take(ref _stripes, writer, OwnSummary.Length);
}
