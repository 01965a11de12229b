using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>Counts by <see cref="NativeKey"/>, all of one schema. Lookups need no lock; one thread at a time may
/// add.</summary>
/// <param name="schema">The schema of the native buckets.</param>
internal sealed class NativeCounts(int schema)
{
    private const int FirstCapacity = 8;

    // A hash table with open addressing, at most half full. It is replaced when it grows, but the counts stay in place,
    // so no addition is lost.
    private Entry[] _entries = new Entry[FirstCapacity];

    public int Schema => schema;

    /// <summary>The number of keys.</summary>
    public int Used { get; private set; }

    /// <summary>All entries; those with the key 0 are empty.</summary>
    public ReadOnlySpan<Entry> Entries => Volatile.Read(ref _entries);

    /// <summary>Finds the count of a key.</summary>
    public bool TryFind(long key, out NativeCount count)
    {
        ref var entry = ref Find(Volatile.Read(ref _entries), key);
        var isThere = Volatile.Read(ref entry.Key) == key;
        count = isThere ? entry.Count : default;
        return isThere;
    }

    /// <summary>Returns whether a key with the same native bucket exists.</summary>
    public bool HasBucketOf(long key)
    {
        foreach (ref readonly var entry in Entries)
        {
            if (entry.Key != 0 && NativeKey.AreInOneBucket(entry.Key, key))
                return true;
        }
        return false;
    }

    /// <summary>Adds a missing key, with a count that is 0.</summary>
    public void Add(long key, NativeCount count)
    {
        if ((Used + 1) * 2 > _entries.Length)
            Grow();
        Used++;
        Put(_entries, key, count);
    }

    // The key is written last: a reader that finds it finds its count.
    private static void Put(Entry[] entries, long key, NativeCount count)
    {
        ref var entry = ref Find(entries, key);
        entry.Count = count;
        Volatile.Write(ref entry.Key, key);
    }

    private static ref Entry Find(Entry[] entries, long key)
    {
        var mask = entries.Length - 1;
        for (var at = (int)((ulong)key * 0x9E37_79B9_7F4A_7C15 >> 40); ; at++)
        {
            ref var entry = ref entries[at & mask];
            if (Volatile.Read(ref entry.Key) is var found && (found == key || found == 0))
                return ref entry;
        }
    }

    private void Grow()
    {
        var larger = new Entry[_entries.Length * 2];
        foreach (var entry in _entries)
        {
            if (entry.Key != 0)
                Put(larger, entry.Key, entry.Count);
        }
        Volatile.Write(ref _entries, larger);
    }

    /// <summary>A key and its count.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal struct Entry
    {
        public long Key;
        public NativeCount Count;
    }
}

/// <summary>One count of a block.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NativeCount(NativeCountBlock Block, int Index)
{
    public long Value => Block.Read(Index);

    public void Increment() => Block.Increment(Index);
}

/// <summary>A block of counts, handed out one by one: a histogram adds a block when it needs more.</summary>
internal sealed class NativeCountBlock
{
    /// <summary>The number of counts in a block.</summary>
    public const int Size = 8;

    private StripedNumbers _counts = new(Size);

    public void Increment(int index) => _counts.Open().Add(index, 1);

    public long Read(int index) => _counts.Sum(index);
}
