namespace Instrumentator.Benchmarks;

/// <summary>A way to add to memory.</summary>
internal interface IAdd
{
    static abstract void Add(ref long cell, long amount);

    static abstract void Add(ref double cell, double amount);
}

/// <summary>Plain additions, for memory that one thread writes.</summary>
internal readonly struct Plain : IAdd
{
    public static void Add(ref long cell, long amount) => cell += amount;

    public static void Add(ref double cell, double amount) => cell += amount;
}

/// <summary>Interlocked additions, for memory that threads share.</summary>
internal readonly struct Interlocking : IAdd
{
    public static void Add(ref long cell, long amount) => Interlocked.Add(ref cell, amount);

    public static void Add(ref double cell, double amount)
    {
        double seen;
        do
        {
            seen = Volatile.Read(ref cell);
        }
        while (
            BitConverter.DoubleToInt64Bits(Interlocked.CompareExchange(ref cell, seen + amount, seen))
            != BitConverter.DoubleToInt64Bits(seen));
    }
}
