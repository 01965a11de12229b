using Microsoft.Extensions.Primitives;

namespace Instrumentator;

/// <summary>The first items of a list header: RFC 9110, 5.6.1. All lines of the header are one list. Allocates
/// nothing.</summary>
/// <example><code>foreach (var item in new HeaderItems(headers.Accept)) …</code></example>
internal ref struct HeaderItems(StringValues header)
{
    // A client may send megabytes, or thousands of items; no legitimate client needs more than a few.
    private const int MaxItems = 32;
    private const int LongestLine = 2_048;

    private readonly StringValues _header = header;
    private ReadOnlySpan<char> _rest;
    private int _lines;
    private int _items;

    public HeaderItem Current { get; private set; }

    public readonly HeaderItems GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_rest.IsEmpty && _lines < _header.Count)
            _rest = Start(_header[_lines++]);
        if (_rest.IsEmpty || _items++ == MaxItems)
            return false;
        Current = new HeaderItem(HeaderItem.Cut(ref _rest, ','));
        return true;
    }

    private static ReadOnlySpan<char> Start(ReadOnlySpan<char> line) => line[..Math.Min(line.Length, LongestLine)];
}
