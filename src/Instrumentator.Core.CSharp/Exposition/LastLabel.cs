using System.Text;

namespace Instrumentator;

/// <summary>The last label of a line, which the format itself adds, and the text between it and the value:
/// <c>le="0.5"} </c>.</summary>
internal readonly struct LastLabel
{
    // Nearly all labels are shorter. A copy of constant length compiles to two instructions; any other is a call.
    private const int Usual = Numbers.MaxBytes;

    private readonly byte[] _padded;

    public LastLabel(string name, double value)
    {
        var text = Encoding.UTF8.GetBytes($"{name}=\"{Numbers.UpperBound(value)}\"}} ");
        (_padded, Length) = (text, text.Length);
        Array.Resize(ref _padded, Math.Max(Usual, Length));
    }

    public int Length { get; }

    /// <summary>Writes the label to the start of a span that also has room for the value.</summary>
    public int WriteTo(Span<byte> line)
    {
        if (Length <= Usual)
            _padded.AsSpan(0, Usual).CopyTo(line);
        else
            _padded.CopyTo(line);
        return Length;
    }
}
