namespace Instrumentator;

/// <summary>A histogram of the built-in backend with native and, optionally, classic buckets.</summary>
/// <remarks>
/// <para>An observation is one addition to a count by <see cref="NativeKey"/>, for its native and its classic bucket
/// at once. The total count is not stored: it is the sum of these. A missing bucket is added under a lock; an
/// observation in an existing bucket takes no lock.</para>
/// <para>When another bucket would exceed the limit, later observations are counted in wider buckets, in a table of
/// their own. Earlier counts stay in place, so a late addition is not lost and no count ever falls: a reader merges all
/// tables into the widest buckets.</para>
/// </remarks>
internal sealed class NativeHistogramCell(UpperBounds bounds, NativeBuckets buckets) : Histogram, IReadCell
{
    private const int PlacesWithoutBounds = 10;

    private readonly Lock _lock = new();

    // The current table, and then those of finer schemas, if any.
    private NativeCounts[] _tables = [new NativeCounts(buckets.Schema)];

    // The last block of counts, and how many of them are in use.
    private NativeCountBlock _block = new();
    private int _taken;

    private StripedNumbers _sum = new(1);
    private Exemplar?[]? _exemplars;

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

    public override double Sum => _sum.SumOfDoubles(0);

    /// <summary>The tables of counts; the first one has the coarsest schema.</summary>
    internal ReadOnlySpan<NativeCounts> Tables => Volatile.Read(ref _tables);

    public override void Observe(double value)
    {
        _sum.Open().Add(0, value);
        CountOf(value).Increment();
    }

    // Counts are written last and read first, so the sum covers at least as many observations.
    public void WriteTo(ISampleWriter writer, LabelSet labels, double created)
    {
        var merge = Merge();
        writer.Histogram(labels, new HistogramReading(merge.Classic, Sum)
        {
            Exemplars = _exemplars,
            Created = created,
            Native = writer.TakesNative ? merge.Read(buckets) : default,
        });
    }

    internal override bool IsExemplarDue(double value, double before) =>
        ExemplarSlots.IsDue(_exemplars, IndexOf(value), before);

    internal override void StoreExemplar(Exemplar exemplar) =>
        ExemplarSlots.Put(ref _exemplars, Places, IndexOf(exemplar.Value), exemplar);

    private int Places => bounds.Count > 0 ? bounds.Count + 1 : PlacesWithoutBounds;

    // Without classic buckets, each doubling has a slot, and the slots repeat, so exemplars cover all orders of
    // magnitude.
    private int IndexOf(double value)
    {
        if (bounds.Count > 0)
            return bounds.BucketOf(value);
        if (value == 0 || double.IsNaN(value))
            return 0;
        return (int)((uint)NativeKey.IndexOf(Math.Abs(value), schema: 0) % PlacesWithoutBounds);
    }

    private NativeMerge Merge()
    {
        var merge = NativeMerge.Begin(bounds.Count + 1, buckets);
        merge.Add(Tables);
        return merge;
    }

    private NativeCount CountOf(double value)
    {
        var classic = bounds.BucketOf(value);
        var table = Volatile.Read(ref _tables)[0];
        return table.TryFind(KeyIn(table, value, classic), out var count) ? count : AddSlow(value, classic);
    }

    private long KeyIn(NativeCounts table, double value, int classic) =>
        NativeKey.Of(value, table.Schema, buckets.ZeroThreshold, classic);

    private NativeCount AddSlow(double value, int classic)
    {
        lock (_lock)
        {
            var key = KeyIn(_tables[0], value, classic);
            if (_tables[0].TryFind(key, out var known))
                return known;
            if (!_tables[0].HasBucketOf(key)
                && NativeMerge.SchemaFor(Tables, key, buckets.MaxBuckets) is var schema
                && schema < _tables[0].Schema)
            {
                Volatile.Write(ref _tables, [new NativeCounts(schema), .. _tables]);
            }
            var count = TakeCount();
            _tables[0].Add(KeyIn(_tables[0], value, classic), count);
            return count;
        }
    }

    private NativeCount TakeCount()
    {
        if (_taken == NativeCountBlock.Size)
            (_block, _taken) = (new NativeCountBlock(), 0);
        return new NativeCount(_block, _taken++);
    }
}
