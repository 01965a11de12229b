using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>A small hash table that is keyed by reference: one probe or two, no hashing of text, no lock to read.</summary>
/// <remarks>
/// Readers may run while <see cref="With"/> adds: an entry's value is written before its key, and a key never changes. Writers must
/// hold a lock of their own.
/// </remarks>
internal sealed class ReferenceTable<TKey, TValue>
    where TKey : class
    where TValue : class
{
    private readonly Entry[] _entries;

    public ReferenceTable() : this(16) { }

    private ReferenceTable(int capacity) => _entries = new Entry[capacity];

    public int Count { get; private set; }

    public TValue? Find(TKey key)
    {
        var entries = _entries;
        for (var i = RuntimeHelpers.GetHashCode(key) & entries.Length - 1; ; i = i + 1 & entries.Length - 1)
        {
            var found = Volatile.Read(ref entries[i].Key);
            if (ReferenceEquals(found, key))
                return entries[i].Value;
            if (found is null)
                return null;
        }
    }

    /// <summary>This table with the entry, or a larger one where this one is half full.</summary>
    public ReferenceTable<TKey, TValue> With(TKey key, TValue value)
    {
        var table = (Count + 1) * 2 <= _entries.Length ? this : Grown();
        table.Add(key, value);
        return table;
    }

    private ReferenceTable<TKey, TValue> Grown()
    {
        var table = new ReferenceTable<TKey, TValue>(_entries.Length * 2);
        foreach (var entry in _entries)
        {
            if (entry.Key is not null)
                table.Add(entry.Key, entry.Value!);
        }
        return table;
    }

    private void Add(TKey key, TValue value)
    {
        var i = RuntimeHelpers.GetHashCode(key) & _entries.Length - 1;
        while (_entries[i].Key is not null && !ReferenceEquals(_entries[i].Key, key))
            i = i + 1 & _entries.Length - 1;
        Count += _entries[i].Key is null ? 1 : 0;
        _entries[i].Value = value;
        Volatile.Write(ref _entries[i].Key, key);
    }

    private struct Entry
    {
        public TKey? Key;
        public TValue? Value;
    }
}
