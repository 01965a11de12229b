using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Instrumentator.Benchmarks;

/// <summary>Renders a scrape from lines whose text is prepared: only the numbers are formatted.</summary>
internal sealed class PreparedLines
{
    private readonly byte[] _texts;
    private readonly Line[] _lines;
    private readonly byte[] _output;

    /// <summary>Splits the text of a scrape, and checks that it is rendered again as it was.</summary>
    public PreparedLines(string scrape)
    {
        var lines = scrape.TrimEnd('\n').Split('\n');
        _texts = Encoding.UTF8.GetBytes(string.Concat(lines.Select(TextOf)));
        _lines = [.. lines.Select(Prepare)];
        _output = new byte[Encoding.UTF8.GetByteCount(scrape) + 64];
        if (Encoding.UTF8.GetString(_output, 0, Render()) != scrape)
            throw new InvalidOperationException("The rendered lines differ from the scrape.");
    }

    /// <summary>Writes all lines, and returns the number of bytes.</summary>
    public int Render()
    {
        var (from, to) = (0, 0);
        foreach (ref readonly var line in _lines.AsSpan())
        {
            _texts.AsSpan(from, line.TextLength).CopyTo(_output.AsSpan(to));
            from += line.TextLength;
            to += line.TextLength;
            to += line.WriteNumber(_output.AsSpan(to));
            _output[to++] = (byte)'\n';
        }
        return to;
    }

    private static bool IsComment(string line) => line.StartsWith('#');

    private static string TextOf(string line) => IsComment(line) ? line : line[..(line.LastIndexOf(' ') + 1)];

    private static Line Prepare(string line)
    {
        var text = TextOf(line);
        var number = line[text.Length..];
        var isWhole = long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole);
        return new Line(
            Encoding.UTF8.GetByteCount(text),
            IsComment(line) ? NumberKind.None
                : isWhole ? NumberKind.Whole
                : NumberKind.Fraction,
            whole,
            isWhole || IsComment(line) ? 0 : double.Parse(number, CultureInfo.InvariantCulture));
    }

    private enum NumberKind
    {
        None,
        Whole,
        Fraction,
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Line(int TextLength, NumberKind Kind, long Whole, double Fraction)
    {
        public int WriteNumber(Span<byte> target)
        {
            var written = 0;
            if (Kind == NumberKind.Whole)
                Utf8Formatter.TryFormat(Whole, target, out written);
            else if (Kind == NumberKind.Fraction)
                Fraction.TryFormat(target, out written, default, CultureInfo.InvariantCulture);
            return written;
        }
    }
}
