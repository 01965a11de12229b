namespace Instrumentator;

/// <summary>Allocates texts that are read together one after another in pages, so that reading them in that order is
/// sequential.</summary>
/// <remarks>For one thread at a time. Allocated texts stay in place.</remarks>
internal sealed class TextPages
{
    // Below 85,000 bytes, the threshold of the large object heap, which the garbage collector does not compact.
    private const int MaxPageSize = 1 << 15;

    private byte[] _page = [];
    private int _used;
    private int _total;

    /// <summary>Allocates zeroed room for a text.</summary>
    public ArraySegment<byte> Take(int length)
    {
        // A page is as large as all before it, so that few texts take little memory.
        if (_page.Length - _used < length)
            (_page, _used) = (new byte[Math.Max(length, Math.Min(_total, MaxPageSize))], 0);
        var text = new ArraySegment<byte>(_page, _used, length);
        _used += length;
        _total += length;
        return text;
    }
}
