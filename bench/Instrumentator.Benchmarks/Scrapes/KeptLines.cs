using System.Text;

namespace Instrumentator.Benchmarks;

/// <summary>Renders a scrape from whole lines that were kept, for numbers that have not changed since.</summary>
internal sealed class KeptLines
{
    private readonly byte[] _texts;
    private readonly int[] _lengths;
    private readonly long[] _numbers;
    private readonly long[] _written;
    private readonly byte[] _output;

    public KeptLines(string scrape)
    {
        _texts = Encoding.UTF8.GetBytes(scrape);
        _output = new byte[_texts.Length];
        _lengths = [.. scrape.TrimEnd('\n').Split('\n').Select(line => Encoding.UTF8.GetByteCount(line) + 1)];
        _numbers = [.. _lengths.Select(length => (long)length)];
        _written = [.. _numbers];
    }

    /// <summary>Writes all lines, and returns the number of bytes.</summary>
    public int Render()
    {
        var at = 0;
        for (var i = 0; i < _lengths.Length; i++)
        {
            if (_numbers[i] != _written[i])
                throw new InvalidOperationException("A number changed.");
            _texts.AsSpan(at, _lengths[i]).CopyTo(_output.AsSpan(at));
            at += _lengths[i];
        }
        return at;
    }
}
