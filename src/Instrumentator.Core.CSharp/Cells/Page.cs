namespace Instrumentator;

/// <summary>Memory that one thread alone writes to: the words of its stripes, one behind the other.</summary>
/// <remarks>What is used together is born together, and so it lies together. Both ends keep away from the memory of other threads.</remarks>
internal sealed class Page
{
    private const int Words = 512;

    // A cache line and its neighbour: processors fetch them in pairs.
    private const int Padding = 16;

    // Ends with its thread; what was taken of it stays.
    [ThreadStatic]
    private static Page? _current;

    private readonly long[] _words;
    private int _used = Padding;

    // Where the collector never moves it: so where words are can be remembered, to ask for them ahead.
    private Page(int words) => _words = GC.AllocateArray<long>(words, pinned: true);

    /// <summary>The next words of this thread's page, which are 0.</summary>
    public static Words Take(int count)
    {
        if (count > Words - (2 * Padding))
            return new Page(count + (2 * Padding)).Next(count);
        if (_current is not { } page || page._used + count > Words - Padding)
            _current = page = new Page(Words);
        return page.Next(count);
    }

    private Words Next(int count)
    {
        var words = new Words(_words, _used);
        _used += count;
        return words;
    }
}
