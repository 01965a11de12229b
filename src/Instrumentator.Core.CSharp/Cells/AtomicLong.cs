namespace Instrumentator;

/// <summary>Addition to a whole number that many threads write, which notices whether they do at the same time.</summary>
internal static class AtomicLong
{
    /// <summary>Adds, and loses no addition of another thread.</summary>
    /// <returns>Whether another thread wrote meanwhile.</returns>
    public static bool Add(ref long target, long amount)
    {
        var seen = Volatile.Read(ref target);
        if (Interlocked.CompareExchange(ref target, seen + amount, seen) == seen)
            return false;
        Interlocked.Add(ref target, amount);
        return true;
    }
}
