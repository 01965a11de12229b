using System.Text;

namespace Instrumentator;

/// <summary>The label that a format itself writes, which is the last one, and all that stands between it and the number: <c>le="0.5"} </c>.</summary>
internal readonly struct LastLabel
{
    // Nearly all are shorter. A copy whose length the compiler knows is two instructions; any other one is a call.
    private const int Usual = Numbers.MostBytes;

    private readonly byte[] _padded;

    public LastLabel(string name, double value)
    {
        var text = Encoding.UTF8.GetBytes($"{name}=\"{Numbers.UpperBound(value)}\"}} ");
        (_padded, Length) = (text, text.Length);
        Array.Resize(ref _padded, Math.Max(Usual, Length));
    }

    public int Length { get; }

    /// <summary>Writes it to the begin of a line that has room for the number, too.</summary>
    public int WriteTo(Span<byte> line)
    {
        if (Length <= Usual)
            _padded.AsSpan(0, Usual).CopyTo(line);
        else
            _padded.CopyTo(line);
        return Length;
    }
}
