namespace Instrumentator;

/// <summary>Atomic addition to a double, which is stored as its bits.</summary>
internal static class AtomicDouble
{
    /// <summary>Adds an amount and loses no concurrent addition.</summary>
    public static void Add(ref long bits, double amount)
    {
        var seen = Volatile.Read(ref bits);
        while (true)
        {
            var found = Interlocked.CompareExchange(ref bits, Sum(seen, amount), seen);
            if (found == seen)
                return;
            seen = found;
        }
    }

    /// <summary>Returns the bits of a double plus an amount.</summary>
    public static long Sum(long bits, double amount) =>
        BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(bits) + amount);
}
