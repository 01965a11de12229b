using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Instrumentator;

/// <summary>A protobuf message while it is written, and the messages inside of it.</summary>
/// <remarks>See https://protobuf.dev/programming-guides/encoding/. The memory is of the shared pool, and is used again for the next message.</remarks>
internal sealed class ProtobufMessage
{
    private const int Least = 16 * 1024;
    private const int LongestVarint = 10;
    private const int LongestTag = 2;

    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthPrefixed = 2;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Least);
    private int _length;

    /// <summary>Writes what was written behind its length, and begins anew.</summary>
    public void MoveTo(IBufferWriter<byte> output)
    {
        var prefix = output.GetSpan(LongestVarint);
        output.Advance(WriteVarint((ulong)_length, prefix));
        output.Write(_bytes.AsSpan(0, _length));
        _length = 0;
    }

    /// <summary>Gives the memory back.</summary>
    public void Free()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _length) = ([], 0);
    }

    public void Text(int field, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        MakeRoom(LongestTag + LongestVarint + length);
        Tag(field, LengthPrefixed);
        Put((ulong)length);
        _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
    }

    public void Double(int field, double number)
    {
        MakeRoom(LongestTag + sizeof(double));
        Tag(field, Fixed64);

        // Any NaN is one and the same: there is one with which Prometheus marks the end of a series.
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.AsSpan(_length), double.IsNaN(number) ? double.NaN : number);
        _length += sizeof(double);
    }

    /// <summary>A number that is seldom negative: <c>uint64</c>, <c>int64</c>, an enumeration.</summary>
    public void Integer(int field, long number)
    {
        MakeRoom(LongestTag + LongestVarint);
        Tag(field, Varint);
        Put((ulong)number);
    }

    /// <summary>A number that may well be negative: <c>sint32</c>, <c>sint64</c>.</summary>
    public void Signed(int field, long number) => Integer(field, (number << 1) ^ (number >> 63));

    /// <summary>Begins a message inside of this one.</summary>
    /// <returns>What <see cref="End"/> is to be told.</returns>
    public int Begin(int field)
    {
        MakeRoom(LongestTag + 1);
        Tag(field, LengthPrefixed);
        return _length++;
    }

    /// <summary>Ends a message. Most lengths take the one byte that was left for it.</summary>
    public void End(int begin)
    {
        var (first, length) = (begin + 1, _length - begin - 1);
        Span<byte> prefix = stackalloc byte[LongestVarint];
        var more = WriteVarint((ulong)length, prefix) - 1;
        if (more > 0)
        {
            MakeRoom(more);
            _bytes.AsSpan(first, length).CopyTo(_bytes.AsSpan(first + more));
            _length += more;
        }
        prefix[..(more + 1)].CopyTo(_bytes.AsSpan(begin));
    }

    private static int WriteVarint(ulong number, Span<byte> target)
    {
        var length = 0;
        for (; number >= 0x80; number >>= 7)
            target[length++] = (byte)(number | 0x80);
        target[length++] = (byte)number;
        return length;
    }

    private void Tag(int field, int wireType) => Put((uint)((field << 3) | wireType));

    private void Put(ulong number) => _length += WriteVarint(number, _bytes.AsSpan(_length));

    private void MakeRoom(int size)
    {
        if (_bytes.Length - _length >= size)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + size));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
