namespace Instrumentator.Benchmarks;

/// <summary>How memory is added to.</summary>
internal interface IAdd
{
    static abstract void Add(ref long cell, long amount);

    static abstract void Add(ref double cell, double amount);
}

/// <summary>By one thread alone.</summary>
internal readonly struct Plain : IAdd
{
    public static void Add(ref long cell, long amount) => cell += amount;

    public static void Add(ref double cell, double amount) => cell += amount;
}

/// <summary>By many threads, none of whose additions is lost.</summary>
internal readonly struct Interlocking : IAdd
{
    public static void Add(ref long cell, long amount) => Interlocked.Add(ref cell, amount);

    public static void Add(ref double cell, double amount)
    {
        double seen;
        do
            seen = Volatile.Read(ref cell);
        while (BitConverter.DoubleToInt64Bits(Interlocked.CompareExchange(ref cell, seen + amount, seen)) != BitConverter.DoubleToInt64Bits(seen));
    }
}
