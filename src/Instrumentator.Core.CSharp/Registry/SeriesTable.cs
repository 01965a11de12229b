using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>Cells by label values. Finding a known series never blocks, and adding one costs the same whether it is the
/// tenth or the millionth.</summary>
/// <remarks>
/// A hash table whose growth moves nothing (Shalev and Shavit, "Split-Ordered Lists", 2006). All series form one linked
/// list, ordered by their bit-reversed hashes. A bucket is a position in this list. Each new series adds a bucket,
/// which splits an existing one in the middle, where hashes differ in the next bit. A removed series leaves an entry
/// without a cell, so that readers never meet an entry that changes: its owner copies the rest to a new table when half
/// of the entries are removed.
/// </remarks>
internal sealed class SeriesTable<TCell>
    where TCell : class
{
    // Bucket b is node 2b and series i is node 2i + 1. Entry n holds bucket n and series n. Bucket 0 is the head of the
    // list, so no node's Next is 0, and 0 marks the end.
    private readonly Chunks<Entry> _entries = new();
    private int _count;
    private int _removed;

    /// <summary>The number of series, without removed ones.</summary>
    public int Count => Volatile.Read(ref _count) - Volatile.Read(ref _removed);

    /// <summary>Whether most entries are those of removed series.</summary>
    public bool IsSparse => _removed > Math.Max(_count / 2, 16);

    /// <summary>All series. Only the thread that adds and removes may read them.</summary>
    public IEnumerable<(string[] Values, TCell Cell)> All
    {
        get
        {
            for (var i = 0; i < _count; i++)
            {
                if (_entries[i] is { Cell: { } cell, Values: var values })
                    yield return (values, cell);
            }
        }
    }

    /// <summary>Returns the cell of these values; null when there is none.</summary>
    public TCell? Find(ReadOnlySpan<string?> values) =>
        IndexOf(values) is >= 0 and var index ? Volatile.Read(ref _entries[index].Cell) : null;

    /// <summary>Adds a new series. Only one thread at a time may call it.</summary>
    public void Add(string[] values, TCell cell)
    {
        var (hash, count) = (LabelValues.HashOf(values), _count);

        // Allocates before linking, so that running out of memory leaves the table intact.
        _entries.MakeRoom(count + 1);
        (_entries[count].Values, _entries[count].Cell) = (values, cell);
        Link((2 * count) + 1, OrderOf(hash), BucketOf(hash, count + 1));

        var bucket = count + 1;
        Link(2 * bucket, Reverse((uint)bucket), bucket & ~(1 << BitOperations.Log2((uint)bucket)));
        Volatile.Write(ref _count, count + 1);
    }

    /// <summary>Removes a series. Only one thread at a time may call it, and not while another adds.</summary>
    /// <returns>Its cell; null when there is no such series.</returns>
    public TCell? Remove(ReadOnlySpan<string?> values)
    {
        if (IndexOf(values) is not (>= 0 and var index))
            return null;
        var cell = _entries[index].Cell;
        Volatile.Write(ref _entries[index].Cell, null);
        Volatile.Write(ref _removed, _removed + 1);
        return cell;
    }

    /// <summary>Returns a new table with all series that were not removed.</summary>
    public SeriesTable<TCell> WithoutRemoved()
    {
        var rest = new SeriesTable<TCell>();
        foreach (var (values, cell) in All)
            rest.Add(values, cell);
        return rest;
    }

    private int IndexOf(ReadOnlySpan<string?> values)
    {
        var hash = LabelValues.HashOf(values);
        var order = OrderOf(hash);
        ref var node = ref _entries[BucketOf(hash, Volatile.Read(ref _count) + 1)].Bucket;
        while (Volatile.Read(ref node.Next) is var next && next != 0)
        {
            ref var entry = ref _entries[next >> 1];
            node = ref (next & 1) != 0 ? ref entry.Series : ref entry.Bucket;
            if (node.Order > order)
                break;
            if (node.Order == order
                && LabelValues.AreEqual(values, entry.Values)
                && Volatile.Read(ref entry.Cell) is not null)
            {
                return next >> 1;
            }
        }
        return -1;
    }

    // Inserts a node after its bucket. It is complete before other threads see it.
    private void Link(int number, uint order, int bucket)
    {
        ref var at = ref Node(2 * bucket);
        while (at.Next is var next && next != 0 && Node(next).Order < order)
            at = ref Node(next);
        Node(number) = new ListNode { Order = order, Next = at.Next };
        Volatile.Write(ref at.Next, number);
    }

    private ref ListNode Node(int number)
    {
        ref var entry = ref _entries[number >> 1];
        return ref (number & 1) != 0 ? ref entry.Series : ref entry.Bucket;
    }

    // Odd, while the orders of buckets are even: a bucket precedes its series and equals none of them.
    private static uint OrderOf(uint hash) => Reverse(hash) | 1;

    // A bucket that does not exist yet will split the bucket with the same number without the highest bit.
    private static int BucketOf(uint hash, int buckets)
    {
        var mask = BitOperations.RoundUpToPowerOf2((uint)buckets) - 1;
        var bucket = hash & mask;
        return (int)(bucket < (uint)buckets ? bucket : bucket & (mask >> 1));
    }

    private static uint Reverse(uint bits)
    {
        bits = ((bits & 0x5555_5555) << 1) | ((bits >> 1) & 0x5555_5555);
        bits = ((bits & 0x3333_3333) << 2) | ((bits >> 2) & 0x3333_3333);
        bits = ((bits & 0x0F0F_0F0F) << 4) | ((bits >> 4) & 0x0F0F_0F0F);
        return BinaryPrimitives.ReverseEndianness(bits);
    }

    [StructLayout(LayoutKind.Auto)]
    private struct ListNode
    {
        public uint Order;
        public int Next;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Entry
    {
        public string[] Values;
        public TCell? Cell;
        public ListNode Series;
        public ListNode Bucket;
    }
}
