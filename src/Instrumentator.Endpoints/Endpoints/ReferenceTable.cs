using System.Numerics;
using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>A small hash table that is keyed by reference: one probe or two, no hashing of text, no lock to read.</summary>
/// <typeparam name="TKey">What is looked up.</typeparam>
/// <typeparam name="TValue">What is found.</typeparam>
/// <typeparam name="THash">Where a key is looked for.</typeparam>
/// <remarks>
/// Readers may run while an entry is added: an entry's value is written before its key, and a key never changes. Writers must hold a
/// lock of their own.
/// </remarks>
internal class ReferenceTable<TKey, TValue, THash>
    where TKey : class
    where TValue : class
    where THash : struct, IReferenceHash
{
    private const int FirstCapacity = 16;

    private Entry[] _entries = new Entry[FirstCapacity];

    /// <summary>How many entries there are. Where keys change their places, some may be there twice.</summary>
    public int Count { get; private set; }

    /// <summary>The value of a key; null where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TValue? Find(TKey key)
    {
        var entries = Volatile.Read(ref _entries);
        for (var i = PlaceOf(key, entries); ; i = i + 1 & entries.Length - 1)
        {
            var found = Volatile.Read(ref entries[i].Key);
            if (ReferenceEquals(found, key))
                return entries[i].Value;
            if (found is null)
                return null;
        }
    }

    /// <summary>Adds an entry, or changes its value. Makes room where half of it is used.</summary>
    public void Add(TKey key, TValue value)
    {
        if ((Count + 1) * 2 > _entries.Length)
            MakeRoom();
        Count += Put(_entries, key, value);
    }

    /// <summary>Changes the value of a key that is there; false where it is not. Needs no lock; a change that meets another one, or an <see cref="Add"/>, may be lost.</summary>
    public bool TryChange(TKey key, TValue value)
    {
        var entries = Volatile.Read(ref _entries);
        var i = FirstOf(key, entries);
        if (entries[i].Key is null)
            return false;
        Volatile.Write(ref entries[i].Value, value);
        return true;
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
        var keys = _entries.Select(entry => entry.Key).Where(key => key is not null).Distinct(ReferenceEqualityComparer.Instance).Count();
        var entries = new Entry[BitOperations.RoundUpToPowerOf2((uint)int.Max(keys * 4, FirstCapacity))];
        Count = _entries.Sum(entry => entry.Key is { } key ? Put(entries, key, entry.Value!) : 0);
        Volatile.Write(ref _entries, entries);
    }

    // Returns how many entries it takes.
    private static int Put(Entry[] entries, TKey key, TValue value)
    {
        var i = FirstOf(key, entries);
        var isNew = entries[i].Key is null;
        entries[i].Value = value;
        Volatile.Write(ref entries[i].Key, key);
        return isNew ? 1 : 0;
    }

    // Where it is, or else may be put.
    private static int FirstOf(TKey key, Entry[] entries)
    {
        var i = PlaceOf(key, entries);
        while (Volatile.Read(ref entries[i].Key) is { } other && !ReferenceEquals(other, key))
            i = i + 1 & entries.Length - 1;
        return i;
    }

    // The upper bits of the hash, as many as there are places.
    private static int PlaceOf(TKey key, Entry[] entries) => (int)(THash.Of(key) >> (BitOperations.LeadingZeroCount((ulong)entries.Length) + 1));

    private struct Entry
    {
        public TKey? Key;
        public TValue? Value;
    }
}
