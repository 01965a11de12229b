using System.Text;

namespace Instrumentator.Attack;

/// <summary>How bytes are sent.</summary>
internal enum Manner
{
    /// <summary>At once.</summary>
    Whole,

    /// <summary>One by one.</summary>
    ByteByByte,

    /// <summary>In pieces of some bytes.</summary>
    Pieces,

    /// <summary>And then the sending side is closed.</summary>
    HalfClosed,

    /// <summary>And then the connection is reset, without reading.</summary>
    Reset,

    /// <summary>And then the connection is reset in the middle of the answer.</summary>
    ResetLater,
}

/// <summary>What a client sends on one connection.</summary>
internal sealed record Input(byte[] Bytes, Manner Manner = Manner.Whole)
{
    /// <summary>Each character is a byte.</summary>
    public static Input Of(string text, Manner manner = Manner.Whole) => new(Encoding.Latin1.GetBytes(text), manner);

    public bool EndsByItself => Bytes.AsSpan().IndexOf("Connection: close"u8) >= 0;

    /// <summary>As one line, to be read by people.</summary>
    public override string ToString()
    {
        var text = Encoding.Latin1.GetString(Bytes.AsSpan(0, Math.Min(Bytes.Length, 400)));
        var shown = text.Select(c => c is >= ' ' and <= '~' ? $"{c}" : $"\\x{(int)c:x2}");
        return $"{Manner}, {Bytes.Length} bytes: {string.Concat(shown)}";
    }
}
