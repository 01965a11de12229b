namespace Instrumentator;

/// <summary>A histogram of the built-in backend.</summary>
internal sealed class HistogramCell(UpperBounds bounds) : Histogram, IReadCell
{
    private const int MaxOnStack = 128;

    // The sum, and a non-cumulative count for each bucket, +Inf last. The total count is not stored: it is the sum of
    // these, so the +Inf bucket and _count are the same number in every scrape by construction.
    private const int Total = 0;
    private const int FirstBucket = 1;

    private StripedNumbers _numbers = new(FirstBucket + bounds.Count + 1);
    private Exemplar?[]? _exemplars;

    private int Buckets => bounds.Count + 1;

    public override long Count
    {
        get
        {
            var count = 0L;
            for (var i = 0; i < Buckets; i++)
                count += _numbers.Sum(FirstBucket + i);
            return count;
        }
    }

    public override double Sum => _numbers.SumOfDoubles(Total);

    public override void Observe(double value)
    {
        var numbers = _numbers.Open();
        numbers.Add(Total, value);
        numbers.Add(FirstBucket + bounds.BucketOf(value), 1);
    }

    // Counts are written last and read first, so the sum covers at least as many observations.
    public void WriteTo(ISampleWriter writer, LabelSet labels, double created)
    {
        Span<long> counts = Buckets <= MaxOnStack ? stackalloc long[Buckets] : new long[Buckets];
        _numbers.Read(FirstBucket, counts);
        if (_exemplars is { } exemplars)
            writer.Histogram(labels, new HistogramReading(counts, Sum) { Exemplars = exemplars, Created = created });
        else
            writer.Histogram(labels, counts, Sum, created);
    }

    internal override bool IsExemplarDue(double value, double before) =>
        ExemplarSlots.IsDue(_exemplars, bounds.BucketOf(value), before);

    internal override void StoreExemplar(Exemplar exemplar) =>
        ExemplarSlots.Put(ref _exemplars, Buckets, bounds.BucketOf(exemplar.Value), exemplar);
}
