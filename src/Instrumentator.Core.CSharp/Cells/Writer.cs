namespace Instrumentator;

/// <summary>A thread as a writer of stripes: a small number, from 1, that no other living thread has.</summary>
/// <remarks>Numbers of threads that ended are given to new ones, so there are never more stripes of a cell than threads were alive at once.</remarks>
internal sealed class Writer
{
    // More threads than these write to the cells themselves.
    private const int Most = 1024;

    /// <summary>The number of a thread that has no stripes: one too many, or in a process where a long takes two writes.</summary>
    public const int WithoutStripes = int.MaxValue;

    private static readonly Stack<int> _free = [];
    private static int _last;

    // Ends with its thread. The finalizer runs when no instruction of that thread can come any more, and all of its writes are seen.
    [ThreadStatic]
    private static Writer? _mine;

    private readonly int _returned;

    private Writer(int number) => _returned = number;

#pragma warning disable MA0055 // Nothing else tells that a thread ended.
    ~Writer()
#pragma warning restore MA0055
    {
        lock (_free)
            _free.Push(_returned);
    }

    /// <summary>The number of this thread.</summary>
    public static int Number => ThreadNumber.OfThis is var number && number != 0 ? number : NumberSlow();

    private static int NumberSlow()
    {
        lock (_free)
        {
            if (!Environment.Is64BitProcess || (_free.Count == 0 && _last == Most))
                return ThreadNumber.OfThis = WithoutStripes;
            ThreadNumber.OfThis = _free.Count > 0 ? _free.Pop() : ++_last;
        }
        _mine = new Writer(ThreadNumber.OfThis);
        return ThreadNumber.OfThis;
    }
}

/// <summary>The number of this thread as a writer; 0 while it has none.</summary>
/// <remarks>By itself: a class with nothing to initialize, and no reference in it, is what .NET keeps nearest to a thread.</remarks>
internal static class ThreadNumber
{
    [ThreadStatic]
    public static int OfThis;
}
