namespace Instrumentator;

/// <summary>A summary in memory of our own.</summary>
internal sealed class SummaryCell : Summary, IReadCell
{
    // 16 MiB: half a million million such observations fit into the word.
    private const long MostWhole = 1L << 24;

    // As in a counter: whole numbers, sizes for one, are added without a loop.
    private long _count;
    private long _whole;
    private double _fraction;

    public override long Count => Volatile.Read(ref _count);

    public override double Sum => Volatile.Read(ref _whole) + Volatile.Read(ref _fraction);

    public override void Observe(double value)
    {
        AtomicDouble.Add(ref _fraction, value);
        Interlocked.Increment(ref _count);
    }

    public override void Observe(long value)
    {
        // Clients declare sizes: without this, a few huge ones could carry the sum over the end of the word.
        if (value is < -MostWhole or > MostWhole)
        {
            Observe((double)value);
            return;
        }
        Interlocked.Add(ref _whole, value);
        Interlocked.Increment(ref _count);
    }

    public SampleValue Read() => new SampleValue.Summary(Count, Sum);
}
