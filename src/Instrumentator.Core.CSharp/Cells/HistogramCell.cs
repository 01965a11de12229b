using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>A histogram in memory of our own.</summary>
internal sealed class HistogramCell : Histogram, IReadCell
{
    private const int MostOnStack = 128;

    // Fields, the header of the counts, and the one above all bounds.
    private const int UsualBytes = 104;

    private readonly UpperBounds _bounds;

    // One count for each bucket by itself; the last one is that of +Inf. An observation is one atomic addition to one of them. There is no
    // count of all: it is the sum of these, so in every scrape the +Inf bucket and _count are the same number by construction.
    private readonly long[] _counts;

    // Added after the count. A scrape between the two sees the count first: the sum is complete once writers are.
    private double _sum;
    private Contention _contention;

    // What single threads observed. Each has counts and a sum of its own, and the same holds for each.
    private Words[]? _stripes;
    private Exemplar?[]? _exemplars;

    /// <summary>One with these upper bounds.</summary>
    public HistogramCell(UpperBounds bounds)
    {
        _bounds = bounds;
        _counts = new long[bounds.Count + 1];
    }

    /// <summary>How much memory one takes up to its first counts, which most observations go to.</summary>
    public const int FirstBytes = 192;

    /// <summary>How much memory one takes, with its counts: about so much.</summary>
    public static int BytesOf(UpperBounds bounds) => UsualBytes + (sizeof(long) * bounds.Count);

    public override long Count
    {
        get
        {
            var count = 0L;
            for (var i = 0; i < _counts.Length; i++)
                count += Volatile.Read(ref _counts[i]);
            foreach (var stripe in Volatile.Read(ref _stripes) ?? [])
                count += new OwnHistogram(stripe, _bounds).Count;
            return count;
        }
    }

    public override double Sum
    {
        get
        {
            var sum = Volatile.Read(ref _sum);
            foreach (var stripe in Volatile.Read(ref _stripes) ?? [])
                sum += new OwnHistogram(stripe, _bounds).Sum;
            return sum;
        }
    }

    public override void Observe(double value)
    {
        if (Stripes.Mine(ref _stripes, OwnHistogram.LengthOf(_bounds.Count)) is { IsNone: false } mine)
        {
            new OwnHistogram(mine, _bounds).Observe(value);
            return;
        }
        var collided = AtomicLong.Add(ref _counts[_bounds.BucketOf(value)], 1);
        if ((AtomicDouble.Add(ref _sum, value) || collided) && _contention.IsCommon())
            Take(Writer.Number);
    }

    public bool Bring(int step) => Stripes.Bring(ref _stripes, step, OwnHistogram.LengthOf(_bounds.Count));

    public void TellTo(ISeriesSink sink, LabelSet labels)
    {
        Span<long> counts = _counts.Length <= MostOnStack ? stackalloc long[_counts.Length] : new long[_counts.Length];
        var sum = Read(counts);
        if (_exemplars is { } exemplars)
            TellExemplars(sink, labels, counts, sum, exemplars);
        else
            sink.Histogram(labels, counts, sum);
    }

    internal override Cell StripeOf(int writer) => Take(writer) is { IsNone: false } own ? new HistogramStripe(this, own, _bounds) : this;

    internal override bool IsExemplarDue(double value, double before) => ExemplarSlots.IsDue(_exemplars, _bounds.BucketOf(value), before);

    internal override void PutExemplar(Exemplar exemplar) => ExemplarSlots.Put(ref _exemplars, _counts.Length, _bounds.BucketOf(exemplar.Value), exemplar);

    // Not inlined: room for a reading is cleared where there are none, too.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TellExemplars(ISeriesSink sink, LabelSet labels, ReadOnlySpan<long> counts, double sum, Exemplar?[] exemplars) =>
        sink.Histogram(labels, new HistogramReading(counts, sum) { Exemplars = exemplars });

    // The counts first, as they are written: a sum that is read after them is that of at least as many observations.
    private double Read(Span<long> counts)
    {
        for (var i = 0; i < counts.Length; i++)
            counts[i] = Volatile.Read(ref _counts[i]);
        var sum = Volatile.Read(ref _sum);
        foreach (var stripe in Volatile.Read(ref _stripes) ?? [])
            new OwnHistogram(stripe, _bounds).AddTo(counts, ref sum);
        return sum;
    }

    private Words Take(int writer) => Stripes.Take(ref _stripes, writer, OwnHistogram.LengthOf(_bounds.Count));
}
