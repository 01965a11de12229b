using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>Counts by <see cref="NativeKey"/>, all of one schema. What is found needs no lock; one thread at a time may add.</summary>
/// <param name="schema">How fine the native buckets are.</param>
internal sealed class NativeCounts(int schema)
{
    private const int FirstPlaces = 8;

    // A hash table with open addressing, at most half full. It is replaced when it grows, and the words of a count stay: so nothing that is added meanwhile is lost.
    private Place[] _places = new Place[FirstPlaces];

    public int Schema => schema;

    /// <summary>How many keys there are.</summary>
    public int Used { get; private set; }

    /// <summary>All there are; those whose key is 0 are empty.</summary>
    public ReadOnlySpan<Place> Places => Volatile.Read(ref _places);

    /// <summary>The count of a key; none when it is not there.</summary>
    public bool TryFind(long key, out Words count)
    {
        var places = Volatile.Read(ref _places);
        ref var place = ref Find(places, key);
        var isThere = Volatile.Read(ref place.Key) == key;
        count = isThere ? place.Count : default;
        return isThere;
    }

    /// <summary>Whether there is a key with the same native bucket.</summary>
    public bool HasBucketOf(long key)
    {
        foreach (ref readonly var place in Places)
        {
            if (place.Key != 0 && NativeKey.AreInOneBucket(place.Key, key))
                return true;
        }
        return false;
    }

    /// <summary>Adds a key that is not there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">A word for it, which is 0.</param>
    public void Add(long key, Words count)
    {
        if ((Used + 1) * 2 > _places.Length)
            Grow();
        Used++;
        Put(_places, key, count);
    }

    // The key last: who finds it finds its count.
    private static void Put(Place[] places, long key, Words count)
    {
        ref var place = ref Find(places, key);
        place.Count = count;
        Volatile.Write(ref place.Key, key);
    }

    private static ref Place Find(Place[] places, long key)
    {
        var mask = places.Length - 1;
        for (var at = (int)((ulong)key * 0x9E37_79B9_7F4A_7C15 >> 40); ; at++)
        {
            ref var place = ref places[at & mask];
            if (Volatile.Read(ref place.Key) is var found && (found == key || found == 0))
                return ref place;
        }
    }

    private void Grow()
    {
        var larger = new Place[_places.Length * 2];
        foreach (var place in _places)
        {
            if (place.Key != 0)
                Put(larger, place.Key, place.Count);
        }
        Volatile.Write(ref _places, larger);
    }

    /// <summary>A key and its count.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal struct Place
    {
        public long Key;
        public Words Count;
    }
}
