using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Instrumentator.Properties;

/// <summary>A word of memory that something wrote.</summary>
/// <param name="Owner">The object that it is part of.</param>
/// <param name="Offset">Where in <see cref="RawObject.Bytes"/> it begins.</param>
internal sealed record WrittenWord(object Owner, int Offset)
{
    private const int Size = 8;

    public long Address => RawObject.Address(Owner) + Offset;

    /// <summary>Which words of these objects change while an action runs; by looking before and after, so what is set to what it was stays unseen.</summary>
    public static IReadOnlyList<WrittenWord> By(Action action, IReadOnlyList<object> objects)
    {
        while (true)
        {
            var collections = GC.CollectionCount(0);
            byte[][] before = [.. objects.Select(one => RawObject.Bytes(one).ToArray())];
            action();
            WrittenWord[] written = [.. objects.Zip(before, Changed).SelectMany(words => words)];

            // A collection moves objects, which changes all references to them: then it is no answer.
            if (GC.CollectionCount(0) == collections)
                return written;
        }
    }

    /// <summary>Whether nothing of another object can share a cache line of that many bytes with it, wherever the garbage collector puts the object.</summary>
    /// <param name="line">The bytes of a line.</param>
    public bool IsAlone(int line) => Offset + Size - line >= -RawObject.Header && Offset + line <= RawObject.Bytes(Owner).Length;

    public bool Equals(WrittenWord? other) => other is not null && ReferenceEquals(Owner, other.Owner) && Offset == other.Offset;

    public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(Owner), Offset);

    private static List<WrittenWord> Changed(object one, byte[] before)
    {
        var old = MemoryMarshal.Cast<byte, long>(before);
        var now = MemoryMarshal.Cast<byte, long>(RawObject.Bytes(one));
        var changed = new List<WrittenWord>();
        for (var i = 0; i < now.Length; i++)
        {
            if (old[i] != now[i])
                changed.Add(new WrittenWord(one, i * Size));
        }
        return changed;
    }
}
