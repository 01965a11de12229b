namespace Instrumentator;

/// <summary>Texts that are read together, one behind the other: whoever reads them in the order in which they came reads memory from the front, which a processor brings by itself.</summary>
/// <remarks>One thread at a time. What was taken stays.</remarks>
internal sealed class TextPages
{
    // Below the size from which on the collector keeps objects apart, and does not move them.
    private const int Largest = 1 << 15;

    private byte[] _page = [];
    private int _used;
    private int _all;

    /// <summary>Room for a text, which is 0 yet.</summary>
    public ArraySegment<byte> Take(int length)
    {
        if (_page.Length - _used < length)
            (_page, _used) = (new byte[Math.Max(length, Math.Min(_all, Largest))], 0);
        var text = new ArraySegment<byte>(_page, _used, length);
        _used += length;
        _all += length;
        return text;
    }
}
