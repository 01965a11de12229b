using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Instrumentator;

/// <summary>A protobuf message under construction, including its nested messages, or the next part of a long
/// one.</summary>
/// <remarks>See https://protobuf.dev/programming-guides/encoding/. The memory comes from the shared pool and is reused
/// for the next message.</remarks>
internal sealed class ProtobufMessage
{
    private const int Least = 16 * 1024;
    private const int LongestVarint = 10;
    private const int LongestTag = 2;

    // Smaller numbers take one byte.
    private const int OneByte = 0x80;

    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthPrefixed = 2;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Least);
    private int _length;

    public int Length => _length;

    /// <summary>Writes the bytes to the output, and removes them.</summary>
    public void MoveTo(IBufferWriter<byte> output)
    {
        output.Write(_bytes.AsSpan(0, _length));
        _length = 0;
    }

    /// <summary>Writes a length, which precedes each message of a stream.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int WriteLength(IBufferWriter<byte> output, long length)
    {
        var written = WriteVarint((ulong)length, output.GetSpan(LongestVarint));
        output.Advance(written);
        return written;
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Free()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _length) = ([], 0);
    }

    public void Text(int field, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Encoding.UTF8.GetBytes(text, Take(field, length));
    }

    /// <summary>Writes text that is already UTF-8.</summary>
    public void Text(int field, ReadOnlySpan<byte> text) => text.CopyTo(Take(field, text.Length));

    public void Double(int field, double number)
    {
        MakeRoom(LongestTag + sizeof(double));
        Tag(field, Fixed64);
        PutDouble(number, _bytes.AsSpan(_length));
        _length += sizeof(double);
    }

    /// <summary>Writes a number that is rarely negative: <c>uint64</c>, <c>int64</c>, an enumeration.</summary>
    public void Integer(int field, long number)
    {
        MakeRoom(LongestTag + LongestVarint);
        Tag(field, Varint);
        Put((ulong)number);
    }

    /// <summary>Writes a message of two fields with numbers below 16, a rarely negative number and a double, with a
    /// single capacity check.</summary>
    public void Pair(int field, (int Field, long Number) first, (int Field, double Number) second)
    {
        var firstLength = VarintLength((ulong)first.Number);
        var pair = Take(field, firstLength + 2 + sizeof(double));
        pair[0] = ShortTag(first.Field, Varint);
        WriteVarint((ulong)first.Number, pair[1..]);
        pair[1 + firstLength] = ShortTag(second.Field, Fixed64);
        PutDouble(second.Number, pair[(2 + firstLength)..]);
    }

    /// <summary>Writes a number that may well be negative: <c>sint32</c>, <c>sint64</c>.</summary>
    public void Signed(int field, long number) => Integer(field, (number << 1) ^ (number >> 63));

    /// <summary>Adds a text or message of the given length and returns its bytes for the caller to fill.</summary>
    public Span<byte> Take(int field, int length)
    {
        MakeRoom(LongestTag + LongestVarint + length);
        Tag(field, LengthPrefixed);
        Put((ulong)length);
        _length += length;
        return _bytes.AsSpan(_length - length, length);
    }

    /// <summary>Begins a nested message whose length is not yet known.</summary>
    /// <param name="field">The field number.</param>
    /// <param name="expected">The approximate length; when it is wrong, <see cref="End"/> moves the message.</param>
    /// <returns>The argument for <see cref="End"/>.</returns>
    public int Begin(int field, int expected = 0)
    {
        MakeRoom(LongestTag + LongestVarint);
        Tag(field, LengthPrefixed);

        // Until the length is known, its first byte holds the number of bytes reserved for it.
        var (begin, room) = (_length, expected < OneByte ? 1 : VarintLength((ulong)expected));
        _bytes[begin] = (byte)room;
        _length += room;
        return begin;
    }

    /// <summary>Ends a nested message.</summary>
    public void End(int begin)
    {
        var room = _bytes[begin];
        var length = _length - begin - room;
        if (length < OneByte && room == 1)
            _bytes[begin] = (byte)length;
        else
            EndLong(begin, room, length);
    }

    private void EndLong(int begin, int room, int length)
    {
        var more = VarintLength((ulong)length) - room;
        if (more != 0)
            Move(begin + room, length, more);
        WriteVarint((ulong)length, _bytes.AsSpan(begin));
    }

    private void Move(int begin, int length, int by)
    {
        MakeRoom(int.Max(by, 0));
        _bytes.AsSpan(begin, length).CopyTo(_bytes.AsSpan(begin + by));
        _length += by;
    }

    // Seven bits per byte.
    private static int VarintLength(ulong number) => (BitOperations.Log2(number) / 7) + 1;

    private static int WriteVarint(ulong number, Span<byte> target)
    {
        var length = 0;
        for (; number >= OneByte; number >>= 7)
            target[length++] = (byte)(number | OneByte);
        target[length++] = (byte)number;
        return length;
    }

    // Writes every NaN as the same NaN, because Prometheus marks the end of a series with a particular one.
    private static void PutDouble(double number, Span<byte> target) =>
        BinaryPrimitives.WriteDoubleLittleEndian(target, double.IsNaN(number) ? double.NaN : number);

    /// <summary>Returns the one-byte tag of a text or message with a field number below 16.</summary>
    public static byte ShortTag(int field) => ShortTag(field, LengthPrefixed);

    private static byte ShortTag(int field, int wireType) => (byte)TagOf(field, wireType);

    private static uint TagOf(int field, int wireType) => (uint)((field << 3) | wireType);

    private void Tag(int field, int wireType) => Put(TagOf(field, wireType));

    private void Put(ulong number)
    {
        if (number < OneByte)
            _bytes[_length++] = (byte)number;
        else
            _length += WriteVarint(number, _bytes.AsSpan(_length));
    }

    private void MakeRoom(int size)
    {
        if (_bytes.Length - _length < size)
            Grow(size);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int size)
    {
        var needed = checked(_length + size);
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(_bytes.Length * 2L, needed), Array.MaxLength));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
