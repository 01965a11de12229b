using System.Buffers;
using System.Numerics;

namespace Instrumentator.Properties;

/// <summary>The pieces of a pooled buffer are the bytes that were written, and stay in place.</summary>
public sealed class PooledBufferProps
{
    // How much room a writer asks for, and how much of it it uses, in percent.
    private static readonly Gen<(int Hint, int Used)> _writes = Gen.Zip(
        Gen.OneOf(
            Gen.Choose(0, 100),
            Gen.Choose(0, 300_000),
            Gen.Elements(0, 1, 65_535, 65_536, 65_537, 131_073, 2_000_000)),
        Gen.OneOf(Gen.Choose(0, 100), Gen.Elements(0, 100)));

    [Property(MaxTest = 50)]
    public Property What_is_written_is_read_back_and_nothing_moves() =>
        Prop.ForAll(Arb.From(_writes.ListOf()), writes =>
        {
            using var buffer = new PooledBuffer();
            var expected = new ArrayBufferWriter<byte>();
            var (number, first) = (0, default(ReadOnlyMemory<byte>));
            foreach (var (hint, used) in writes)
            {
                var room = number % 2 == 0 ? buffer.GetSpan(hint) : buffer.GetMemory(hint).Span;
                Assert.InRange(room.Length, Math.Max(hint, 1), int.MaxValue);
                var bytes = new byte[(int)((long)hint * used / 100)];
                Array.Fill(bytes, (byte)++number);
                bytes.CopyTo(room);
                buffer.Advance(bytes.Length);
                expected.Write(bytes);
                if (first.IsEmpty)
                    first = buffer.Pieces.FirstOrDefault();

                Assert.Equal(expected.WrittenCount, buffer.Length);
                Assert.True(first.IsEmpty || first.Span.Overlaps(buffer.Pieces.First().Span));
            }
            Assert.True(expected.WrittenSpan.SequenceEqual(Read(buffer)));
            Assert.DoesNotContain(buffer.Pieces, piece => piece.IsEmpty);
        });

    // Much faster than a comparison of sequences, byte by byte.
    private static ReadOnlySpan<byte> Read(PooledBuffer buffer)
    {
        var read = new ArrayBufferWriter<byte>();
        foreach (var piece in buffer.Pieces)
            read.Write(piece.Span);
        return read.WrittenSpan;
    }

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(100 << 20)]
    public void Less_than_a_quarter_of_a_large_buffer_is_unused_and_the_pool_keeps_its_pieces(int length)
    {
        using var buffer = new PooledBuffer();
        var chunk = new byte[10_000];
        while (buffer.Length < length)
            buffer.Write(chunk);

        var pieces = buffer.Pieces.Select(piece => BitOperations.RoundUpToPowerOf2((uint)piece.Length)).ToArray();
        Assert.InRange(pieces.Sum(piece => (long)piece), buffer.Length, buffer.Length * 5 / 4);
        Assert.All(pieces.CountBy(piece => piece), size => Assert.InRange(size.Value, 1, 32));
    }
}
