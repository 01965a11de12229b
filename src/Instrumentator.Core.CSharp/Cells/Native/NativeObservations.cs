namespace Instrumentator;

/// <summary>What was observed of a histogram with native buckets, by one thread or by all.</summary>
/// <remarks>
/// <para>Counts are kept by <see cref="NativeKey"/>. A bucket that is not there yet is added under a lock; an observation in one that is there takes none.</para>
/// <para>Where that would be one bucket too many, what comes from then on is counted in wider ones, in a table of its own. What was counted stays where it is, so an addition that comes late is
/// not lost, and no count ever falls: who reads takes all tables together, in the widest buckets.</para>
/// </remarks>
/// <param name="bounds">The classic upper bounds.</param>
/// <param name="buckets">What the native buckets are to be.</param>
/// <param name="take">Takes a word for a count.</param>
internal sealed class NativeObservations(UpperBounds bounds, NativeBuckets buckets, Func<Words> take)
{
    private readonly Lock _lock = new();

    // The present one, and then those of finer schemas, if there were any.
    private NativeCounts[] _tables = [new NativeCounts(buckets.Schema)];

    public ReadOnlySpan<NativeCounts> Tables => Volatile.Read(ref _tables);

    /// <summary>The count of all that is where a value is.</summary>
    public Words CountOf(double value)
    {
        var classic = bounds.BucketOf(value);
        var table = Volatile.Read(ref _tables)[0];
        return table.TryFind(KeyIn(table, value, classic), out var count) ? count : AddSlow(value, classic);
    }

    private long KeyIn(NativeCounts table, double value, int classic) => NativeKey.Of(value, table.Schema, buckets.ZeroThreshold, classic);

    private Words AddSlow(double value, int classic)
    {
        lock (_lock)
        {
            var key = KeyIn(_tables[0], value, classic);
            if (_tables[0].TryFind(key, out var known))
                return known;
            if (!_tables[0].HasBucketOf(key) && NativeMerge.SchemaFor(Tables, key, buckets.MaxBuckets) is var schema && schema < _tables[0].Schema)
                Volatile.Write(ref _tables, [new NativeCounts(schema), .. _tables]);
            var count = take();
            _tables[0].Add(KeyIn(_tables[0], value, classic), count);
            return count;
        }
    }
}
