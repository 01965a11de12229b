namespace Instrumentator;

/// <summary>Words that many threads add to, taken one by one. As those of a <see cref="Page"/>, they are where the collector never moves them.</summary>
internal sealed class SharedWords
{
    private const int AtOnce = 8;

    private long[] _words = [];
    private int _used;

    /// <summary>The next one, which is 0. To be asked by one thread at a time.</summary>
    public Words Take()
    {
        if (_used == _words.Length)
            (_words, _used) = (GC.AllocateArray<long>(AtOnce, pinned: true), 0);
        return new Words(_words, _used++);
    }
}
