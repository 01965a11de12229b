namespace Instrumentator;

/// <summary>Addition to a double that many threads write: the compare-and-swap loop, once.</summary>
internal static class AtomicDouble
{
    /// <summary>Adds, and loses no addition of another thread.</summary>
    /// <returns>Whether another thread wrote meanwhile.</returns>
    public static bool Add(ref double target, double amount)
    {
        var collided = false;
        var seen = Volatile.Read(ref target);
        while (true)
        {
            var found = Interlocked.CompareExchange(ref target, seen + amount, seen);

            // Bits and not values: a NaN is not equal to itself, and would never be found.
            if (BitConverter.DoubleToInt64Bits(found) == BitConverter.DoubleToInt64Bits(seen))
                return collided;
            (seen, collided) = (found, true);
        }
    }
}
