using System.Text;

namespace Instrumentator.Attack;

/// <summary>Makes inputs of other ones.</summary>
internal static class Mutation
{
    private const int MaxBytes = 300_000;

    /// <summary>An input with some of its bytes changed. The same for the same state of the random numbers.</summary>
    public static Input Of(Random random, IReadOnlyList<Input> corpus)
    {
        var input = Any(random, corpus);
        var bytes = input.Bytes;
        for (var i = random.Next(1, 4); i > 0 && bytes.Length < MaxBytes; i--)
            bytes = Change(random, bytes, corpus);
        return new(
            bytes,
            random.Next(4) == 0 ? (Manner)random.Next(6)
                : input.Manner == Manner.ByteByByte && bytes.Length > 1_000 ? Manner.Whole
                : input.Manner);
    }

    private static byte[] Change(Random random, byte[] bytes, IReadOnlyList<Input> corpus)
    {
        var (from, to) = Range(random, bytes.Length);
        return random.Next(12) switch
        {
            0 => Replace(bytes, from, Math.Min(from + 1, bytes.Length), [(byte)random.Next(256)]),
            1 => Replace(bytes, from, from, [(byte)random.Next(256)]),
            2 => Replace(bytes, from, to, []),
            3 => Replace(bytes, to, to, bytes[from..to]),
            4 => bytes[..from],
            5 => [.. bytes[..from], .. Tail(random, Any(random, corpus).Bytes)],
            6 => [.. bytes, .. Any(random, corpus).Bytes],
            _ => Replace(bytes, from, from, Encoding.Latin1.GetBytes(Any(random, Corpus.Tokens))),
        };
    }

    private static byte[] Tail(Random random, byte[] bytes) => bytes[random.Next(bytes.Length + 1)..];

    private static (int From, int To) Range(Random random, int length)
    {
        var from = random.Next(length + 1);
        return (from, Math.Min(length, from + random.Next(1, 40)));
    }

    private static byte[] Replace(byte[] bytes, int from, int to, byte[] by) =>
        [.. bytes[..from], .. by, .. bytes[to..]];

    private static T Any<T>(Random random, IReadOnlyList<T> of) => of[random.Next(of.Count)];
}
