using System.Numerics;
using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>A small hash table that is keyed by reference, and by thread where each has a value of its own: one probe or two, no hashing of text, no lock to read.</summary>
/// <typeparam name="TKey">What is looked up.</typeparam>
/// <typeparam name="TValue">What is found: what may be read while half of it is changed. It tells the thread.</typeparam>
/// <typeparam name="THash">Where a key is looked for.</typeparam>
/// <remarks>
/// Readers may run while an entry is added: an entry's value is written before its key, and neither key nor thread ever changes. Writers must hold a
/// lock of their own.
/// </remarks>
internal sealed class ReferenceTable<TKey, TValue, THash>
    where TKey : class
    where TValue : struct, IOfThread
    where THash : struct, IReferenceHash
{
    private const int FirstCapacity = 16;

    private Entry[] _entries = new Entry[FirstCapacity];

    /// <summary>How many entries there are. Where keys change their places, some may be there twice.</summary>
    public int Count { get; private set; }

    /// <summary>The value of a key; the default one where there is none.</summary>
    /// <param name="key">The key.</param>
    /// <param name="thread">The thread that has a value of its own; 0 for that of all.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TValue Find(TKey key, int thread = 0)
    {
        ref readonly var place = ref FindPlace(key, thread);
        return Unsafe.IsNullRef(in place) ? default : place;
    }

    /// <summary>Where the value of a key is; a null reference where there is none.</summary>
    /// <inheritdoc cref="Find"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly TValue FindPlace(TKey key, int thread = 0)
    {
        var entries = Volatile.Read(ref _entries);
        for (var i = PlaceOf(key, thread, entries); ; i = i + 1 & entries.Length - 1)
        {
            ref var entry = ref entries[i];
            var found = Volatile.Read(ref entry.Key);
            if (ReferenceEquals(found, key) && entry.Value.Thread == thread)
                return ref entry.Value;
            if (found is null)
                return ref Unsafe.NullRef<TValue>();
        }
    }

    /// <summary>Asks for the place where a key is looked for first.</summary>
    /// <inheritdoc cref="Find"/>
    public void Bring(TKey key, int thread = 0)
    {
        var entries = Volatile.Read(ref _entries);
        Prefetch.Place(ref entries[PlaceOf(key, thread, entries)]);
    }

    /// <summary>Adds an entry, or changes its value. Makes room where half of it is used.</summary>
    public void Add(TKey key, TValue value)
    {
        if ((Count + 1) * 2 > _entries.Length)
            MakeRoom();
        Count += Put(_entries, key, value);
    }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        Volatile.Write(ref _entries, new Entry[FirstCapacity]);
        Count = 0;
    }

    // As much as its keys need: none of them is there twice then.
    private void MakeRoom()
    {
        var keys = _entries.Where(entry => entry.Key is not null).GroupBy(entry => entry.Key, ReferenceEqualityComparer.Instance).Sum(same => same.DistinctBy(entry => entry.Value.Thread).Count());
        var entries = new Entry[BitOperations.RoundUpToPowerOf2((uint)int.Max(keys * 4, FirstCapacity))];
        Count = _entries.Sum(entry => entry.Key is { } key ? Put(entries, key, entry.Value) : 0);
        Volatile.Write(ref _entries, entries);
    }

    // Returns how many entries it takes.
    private static int Put(Entry[] entries, TKey key, TValue value)
    {
        ref var entry = ref entries[FirstOf(key, value.Thread, entries)];
        var isNew = entry.Key is null;
        entry.Value = value;
        Volatile.Write(ref entry.Key, key);
        return isNew ? 1 : 0;
    }

    // Where it is, or else may be put.
    private static int FirstOf(TKey key, int thread, Entry[] entries)
    {
        var i = PlaceOf(key, thread, entries);
        while (Volatile.Read(ref entries[i].Key) is { } other && !(ReferenceEquals(other, key) && entries[i].Value.Thread == thread))
            i = i + 1 & entries.Length - 1;
        return i;
    }

    // The upper bits of the hash, as many as there are places.
    private static int PlaceOf(TKey key, int thread, Entry[] entries) => (int)(THash.Of(key, thread) >> (BitOperations.LeadingZeroCount((ulong)entries.Length) + 1));

    private struct Entry
    {
        public TKey? Key;
        public TValue Value;
    }
}
