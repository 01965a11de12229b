using System.Buffers;
using System.Runtime.Intrinsics;

namespace Instrumentator;

/// <summary>A writer of sample lines: a name, labels, a value and an optional exemplar.</summary>
/// <param name="output">The buffer to write to.</param>
/// <param name="size">Counts the bytes.</param>
internal sealed class SampleLines(IBufferWriter<byte> output, ScrapeSize size)
{
    // Longer buckets are written line by line: only one line needs room in one piece.
    private const int MaxTogether = 64 * 1024;

    /// <summary>Writes a line whose value is any number.</summary>
    public void Write(SampleName name, LabelSet labels, double value, ReadOnlySpan<byte> exemplar = default)
    {
        var line = output.GetSpan(Longest(name, labels) + exemplar.Length);
        var length = WriteSeries(line, name, labels);
        End(line, length + Numbers.Write(value, line[length..]), exemplar);
    }

    /// <summary>Writes a line whose value is a count.</summary>
    public void Write(SampleName name, LabelSet labels, long count)
    {
        var line = output.GetSpan(Longest(name, labels));
        var length = WriteSeries(line, name, labels);
        End(line, length + Numbers.Write(count, line[length..]), default);
    }

    /// <summary>Writes the count and the sum of observations, two lines in one call, since nearly every series has
    /// both.</summary>
    public void WriteTotals(SampleName countName, SampleName sumName, LabelSet labels, long count, double sum)
    {
        var lines = output.GetSpan(Longest(countName, labels) + Longest(sumName, labels));
        var length = WriteSeries(lines, countName, labels);
        length += Numbers.Write(count, lines[length..]);
        lines[length++] = (byte)'\n';
        length += WriteSeries(lines[length..], sumName, labels);
        length += Numbers.Write(sum, lines[length..]);
        lines[length++] = (byte)'\n';
        Advance(length);
    }

    /// <summary>Writes a line with one additional label.</summary>
    public void Write(SampleName name, LabelSet labels, LastLabel lastLabel, double value)
    {
        var line = output.GetSpan(Longest(name, labels) + lastLabel.Length);
        var length = Append(line, Append(line, 0, name.BeforeLabels), labels.TextAndComma);
        length += lastLabel.WriteTo(line[length..]);
        End(line, length + Numbers.Write(value, line[length..]), default);
    }

    /// <summary>Writes the cumulative buckets of a histogram. All lines start with the same text, so each one starts as
    /// a copy of the first.</summary>
    /// <returns>The number of observations in all buckets.</returns>
    public long WriteBuckets(SampleName name, LabelSet labels, LastLabel[] lastLabels, ReadOnlySpan<long> counts)
    {
        var longest = LongestOf(name, labels, lastLabels);
        if (longest > MaxTogether)
            return WriteBuckets(name, labels, lastLabels, counts, []);
        var lines = output.GetSpan((int)longest);
        var start = Append(lines, Append(lines, 0, name.BeforeLabels), labels.TextAndComma);
        var (length, cumulative) = (0, 0L);
        for (var i = 0; i < lastLabels.Length; i++)
        {
            if (i > 0)
                Repeat(lines, start, length);
            length += start;
            length += lastLabels[i].WriteTo(lines[length..]);
            length += Numbers.Write(cumulative += counts[i], lines[length..]);
            lines[length++] = (byte)'\n';
        }
        Advance(length);
        return cumulative;
    }

    /// <summary>Writes buckets with exemplars, some of which may be missing.</summary>
    public long WriteBuckets(
        SampleName name,
        LabelSet labels,
        LastLabel[] lastLabels,
        ReadOnlySpan<long> counts,
        ReadOnlySpan<Exemplar?> exemplars)
    {
        var cumulative = 0L;
        for (var i = 0; i < lastLabels.Length; i++)
        {
            var exemplar = i < exemplars.Length && exemplars[i] is { } kept ? ExemplarText.Of(kept) : [];
            var line = output.GetSpan(Longest(name, labels) + lastLabels[i].Length + exemplar.Length);
            var length = Append(line, Append(line, 0, name.BeforeLabels), labels.TextAndComma);
            length += lastLabels[i].WriteTo(line[length..]);
            End(line, length + Numbers.Write(cumulative += counts[i], line[length..]), exemplar);
        }
        return cumulative;
    }

    // Copies the start of the first line in whole vectors, which is faster than a call of a copy routine. The copy
    // overshoots by less than one vector, into the space of the value.
    private static void Repeat(Span<byte> lines, int start, int at)
    {
        var line = lines[at..];
        for (var i = 0; i < start; i += Vector256<byte>.Count)
            Vector256.Create<byte>(lines[i..]).CopyTo(line[i..]);
    }

    // In addition to the parts: a brace, a space and a line feed.
    private static int Longest(SampleName name, LabelSet labels) =>
        name.BeforeLabels.Length + labels.TextAndComma.Length + Numbers.MaxBytes + 3;

    private static long LongestOf(SampleName name, LabelSet labels, LastLabel[] lastLabels)
    {
        var longest = (long)lastLabels.Length * Longest(name, labels);
        foreach (var label in lastLabels)
            longest += label.Length;
        return longest;
    }

    private static int WriteSeries(Span<byte> line, SampleName name, LabelSet labels)
    {
        var text = labels.TextAndComma;
        if (text.IsEmpty)
            return Append(line, 0, name.Alone);
        var length = Append(line, Append(line, 0, name.BeforeLabels), text);

        // Replaces the comma.
        "} "u8.CopyTo(line[(length - 1)..]);
        return length + 1;
    }

    private static int Append(Span<byte> line, int length, ReadOnlySpan<byte> part)
    {
        part.CopyTo(line[length..]);
        return length + part.Length;
    }

    private void End(Span<byte> line, int length, ReadOnlySpan<byte> exemplar)
    {
        length = Append(line, length, exemplar);
        line[length] = (byte)'\n';
        Advance(length + 1);
    }

    private void Advance(int length)
    {
        output.Advance(length);
        size.Add(length);
    }
}
