using System.Buffers;
using System.Text;

namespace Instrumentator;

/// <summary>Writes the lines of one family: name, suffix, labels, number, exemplar.</summary>
internal sealed class SampleLines(string name, IBufferWriter<byte> output)
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes(name);

    /// <summary>Writes a line whose value is any number.</summary>
    public Unit Write(ReadOnlySpan<byte> suffix, LabelSet labels, ReadOnlySpan<byte> lastLabel, double value, ReadOnlySpan<byte> exemplar = default)
    {
        var line = output.GetSpan(LongestLine(suffix, labels, lastLabel) + exemplar.Length);
        var length = WriteSeries(line, suffix, labels.Text, lastLabel);
        return End(line, length + Numbers.Write(value, line[length..]), exemplar);
    }

    /// <summary>Writes a line whose value is a count.</summary>
    public Unit Write(ReadOnlySpan<byte> suffix, LabelSet labels, ReadOnlySpan<byte> lastLabel, long count, ReadOnlySpan<byte> exemplar = default)
    {
        var line = output.GetSpan(LongestLine(suffix, labels, lastLabel) + exemplar.Length);
        var length = WriteSeries(line, suffix, labels.Text, lastLabel);
        return End(line, length + Numbers.Write(count, line[length..]), exemplar);
    }

    // Besides the parts: two braces, a comma, a blank and a line feed.
    private int LongestLine(ReadOnlySpan<byte> suffix, LabelSet labels, ReadOnlySpan<byte> lastLabel) =>
        _name.Length + suffix.Length + labels.Text.Length + lastLabel.Length + Numbers.MostBytes + 5;

    private int WriteSeries(Span<byte> line, ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> lastLabel)
    {
        var length = Append(line, 0, _name);
        length = Append(line, length, suffix);
        if (!labels.IsEmpty || !lastLabel.IsEmpty)
        {
            length = Append(line, length, "{"u8);
            length = Append(line, length, labels);
            length = Append(line, length, labels.IsEmpty || lastLabel.IsEmpty ? default : ","u8);
            length = Append(line, length, lastLabel);
            length = Append(line, length, "}"u8);
        }
        return Append(line, length, " "u8);
    }

    private static int Append(Span<byte> line, int length, ReadOnlySpan<byte> part)
    {
        part.CopyTo(line[length..]);
        return length + part.Length;
    }

    private Unit End(Span<byte> line, int length, ReadOnlySpan<byte> exemplar)
    {
        length = Append(line, length, exemplar);
        length = Append(line, length, "\n"u8);
        output.Advance(length);
        return Unit.Value;
    }
}
