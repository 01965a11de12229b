namespace Instrumentator;

/// <summary>A histogram with native buckets in memory of our own; it may have classic ones, too.</summary>
internal sealed class NativeHistogramCell : Histogram, IReadCell
{
    private const int PlacesWithoutBounds = 10;

    private readonly UpperBounds _bounds;
    private readonly NativeBuckets _buckets;

    // An observation is one atomic addition to the count of its native and its classic bucket at once. There is no count of all: it is the sum of these.
    private readonly NativeObservations _all;

    // As in a histogram without native buckets: added after the count, and single threads have stripes.
    private double _sum;
    private Contention _contention;
    private NativeHistogramStripe?[]? _stripes;
    private Exemplar?[]? _exemplars;

    /// <summary>One with these classic upper bounds, which may be none, and these native buckets.</summary>
    public NativeHistogramCell(UpperBounds bounds, NativeBuckets buckets)
    {
        (_bounds, _buckets) = (bounds, buckets);
        var words = new SharedWords();
        _all = new NativeObservations(bounds, buckets, words.Take);
    }

    // That of this thread, once there are any.
    private NativeHistogramStripe? Mine => _stripes is { } stripes ? Stripes.Mine(stripes) ?? Take(Writer.Number) : null;

    public override long Count
    {
        get
        {
            var count = 0L;
            foreach (var one in Merge().Classic)
                count += one;
            return count;
        }
    }

    public override double Sum
    {
        get
        {
            var sum = Volatile.Read(ref _sum);
            foreach (var stripe in Volatile.Read(ref _stripes) ?? [])
                sum += stripe?.OwnSum ?? 0;
            return sum;
        }
    }

    public override void Observe(double value)
    {
        if (Mine is { } mine)
        {
            mine.Observe(value);
            return;
        }
        var collided = AtomicLong.Add(ref _all.CountOf(value).Single, 1);
        if ((AtomicDouble.Add(ref _sum, value) || collided) && _contention.IsCommon())
            Take(Writer.Number);
    }

    public void TellTo(ISeriesSink sink, LabelSet labels)
    {
        var merge = Merge();
        sink.Histogram(labels, new HistogramReading(merge.Classic, Sum)
        {
            Exemplars = _exemplars,
            Native = sink.TakesNative ? merge.Read(_buckets) : default,
        });
    }

    internal override Cell StripeOf(int writer) => (Cell?)Take(writer) ?? this;

    internal override bool IsExemplarDue(double value, double before) => ExemplarSlots.IsDue(_exemplars, PlaceOf(value), before);

    internal override void PutExemplar(Exemplar exemplar) =>
        ExemplarSlots.Put(ref _exemplars, _bounds.Count > 0 ? _bounds.Count + 1 : PlacesWithoutBounds, PlaceOf(exemplar.Value), exemplar);

    // Without classic buckets each doubling has a place, until they come round again: so exemplars are of all orders of magnitude.
    private int PlaceOf(double value) => _bounds.Count > 0
        ? _bounds.BucketOf(value)
        : value != 0 && !double.IsNaN(value) ? (int)((uint)NativeKey.IndexOf(Math.Abs(value), schema: 0) % PlacesWithoutBounds) : 0;

    private NativeMerge Merge()
    {
        var merge = NativeMerge.Begin(_bounds.Count + 1, _buckets);
        merge.Add(_all.Tables);
        foreach (var stripe in Volatile.Read(ref _stripes) ?? [])
            merge.Add(stripe is null ? [] : stripe.Tables);
        return merge;
    }

    private NativeHistogramStripe? Take(int writer) =>
        Stripes.Take(ref _stripes, writer, this, static (cell, _) => new NativeHistogramStripe(cell, cell._bounds, cell._buckets));
}
