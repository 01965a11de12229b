using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>The merged tables of a histogram with native buckets, for a scrape. Each thread reuses one instance, so a
/// scrape allocates nothing for it.</summary>
internal sealed class NativeMerge
{
    [ThreadStatic]
    private static NativeMerge? _mine;

    private readonly List<NativeBucket> _negative = [];
    private readonly List<NativeBucket> _positive = [];
    private long[] _classic = [];
    private int _classicBuckets;
    private long _zero;
    private int _schema;

    private NativeMerge() { }

    /// <summary>The non-cumulative number of observations in each classic bucket.</summary>
    public ReadOnlySpan<long> Classic => _classic.AsSpan(0, _classicBuckets);

    /// <summary>Returns the instance of this thread, empty.</summary>
    public static NativeMerge Begin(int classicBuckets, NativeBuckets buckets)
    {
        var merge = _mine ??= new NativeMerge();
        merge.Clear(classicBuckets, buckets.Schema);
        return merge;
    }

    /// <summary>Returns the finest remaining schema that keeps within the bucket limit.</summary>
    /// <param name="tables">The current tables; the first one has the coarsest schema.</param>
    /// <param name="next">The key of a new observation, in that coarsest schema.</param>
    /// <param name="max">The maximum number of buckets.</param>
    public static int SchemaFor(ReadOnlySpan<NativeCounts> tables, long next, int max)
    {
        var (keys, schema) = (1, tables[0].Schema);
        foreach (var table in tables)
            keys += table.Used;
        if (keys <= max)
            return schema;
        var merge = new NativeMerge { _schema = schema };
        merge.Count(next, 1, steps: 0);
        merge.Add(tables);
        merge.Join(max);
        return merge._schema;
    }

    /// <summary>Adds the counts of tables.</summary>
    public void Add(ReadOnlySpan<NativeCounts> tables)
    {
        foreach (var table in tables)
            Add(table);
    }

    /// <summary>Returns the added counts, within the bucket limit.</summary>
    public NativeReading Read(NativeBuckets buckets)
    {
        Join(buckets.MaxBuckets);
        return new NativeReading(
            _schema,
            buckets.ZeroThreshold,
            _zero,
            CollectionsMarshal.AsSpan(_negative),
            CollectionsMarshal.AsSpan(_positive));
    }

    private void Clear(int classicBuckets, int schema)
    {
        if (_classic.Length < classicBuckets)
            _classic = new long[classicBuckets];
        _classic.AsSpan(0, classicBuckets).Clear();
        _negative.Clear();
        _positive.Clear();
        (_classicBuckets, _zero, _schema) = (classicBuckets, 0, schema);
    }

    private void Add(NativeCounts table)
    {
        if (table.Schema < _schema)
            Widen(table.Schema);
        foreach (ref readonly var entry in table.Entries)
        {
            if (Volatile.Read(in entry.Key) is var key && key != 0)
                Count(key, entry.Count.Value, table.Schema - _schema);
        }
    }

    private void Count(long key, long count, int steps)
    {
        if (NativeKey.ClassicOf(key) is var classic && classic < _classicBuckets)
            _classic[classic] += count;

        // A new count, not incremented yet.
        if (count == 0)
            return;
        switch (NativeKey.SideOf(key))
        {
            case NativeSide.Zero:
                _zero += count;
                break;
            case NativeSide.Positive:
                _positive.Add(new NativeBucket(NativeKey.Coarser(NativeKey.IndexOf(key), steps), count));
                break;
            case NativeSide.Negative:
                _negative.Add(new NativeBucket(NativeKey.Coarser(NativeKey.IndexOf(key), steps), count));
                break;
        }
    }

    private void Join(int max)
    {
        Join(_negative);
        Join(_positive);
        while (_negative.Count + _positive.Count > max && _schema > NativeBuckets.MinSchema)
        {
            Widen(_schema - 1);
            Join(_negative);
            Join(_positive);
        }
    }

    // By ascending index, each once.
    private static void Join(List<NativeBucket> buckets)
    {
        var all = CollectionsMarshal.AsSpan(buckets);
        all.Sort(static (one, other) => one.Index.CompareTo(other.Index));
        var joined = 0;
        for (var i = 1; i < all.Length; i++)
        {
            if (all[i].Index == all[joined].Index)
                all[joined] = new NativeBucket(all[i].Index, all[joined].Count + all[i].Count);
            else
                all[++joined] = all[i];
        }
        if (joined + 1 < buckets.Count)
            buckets.RemoveRange(joined + 1, buckets.Count - joined - 1);
    }

    private void Widen(int schema)
    {
        Widen(_negative, _schema - schema);
        Widen(_positive, _schema - schema);
        _schema = schema;
    }

    private static void Widen(List<NativeBucket> buckets, int steps)
    {
        foreach (ref var bucket in CollectionsMarshal.AsSpan(buckets))
            bucket = bucket with { Index = NativeKey.Coarser(bucket.Index, steps) };
    }
}
