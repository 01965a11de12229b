namespace Instrumentator;

/// <summary>Contiguous memory for texts that are read together: reading them in the order of their allocation is
/// sequential, so the processor prefetches it.</summary>
/// <remarks>For one thread at a time. Allocated texts stay in place.</remarks>
internal sealed class TextPages
{
    // Below the size of the large object heap, which the garbage collector does not compact.
    private const int Largest = 1 << 15;

    private byte[] _page = [];
    private int _used;
    private int _all;

    /// <summary>Allocates zeroed room for a text.</summary>
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
