namespace Instrumentator;

/// <summary>The numbers of one reading, in one array: each item has a range of them, which it keeps.</summary>
/// <remarks>Not safe for use by several threads: <see cref="LiveHistory"/> has a lock.</remarks>
internal sealed class NumberTable
{
    private double[] _all = new double[64];

    /// <summary>The number of numbers that are taken.</summary>
    public int Count { get; private set; }

    public Span<double> this[Range range] => _all.AsSpan(0, Count)[range];

    public ReadOnlySpan<double> All => Writable;

    public Span<double> Writable => _all.AsSpan(0, Count);

    /// <summary>Takes a range of zeros.</summary>
    public Range Take(int length)
    {
        var start = Count;
        Count += length;
        if (Count > _all.Length)
            Array.Resize(ref _all, Math.Max(Count, _all.Length * 2));
        return start..Count;
    }

    /// <summary>Sets all numbers to 0. The ranges stay.</summary>
    public void Clear() => _all.AsSpan(0, Count).Clear();
}

/// <summary>The numbers at the end of a window's last slot, from which the next one's increases are counted.</summary>
internal sealed class Baseline
{
    private double[] _before = [];

    /// <summary>Returns how much a number has grown. One that fell was counted from 0 again, like a counter in
    /// Prometheus.</summary>
    public double Increase(NumberTable now, int index)
    {
        var value = now.All[index];
        var before = index < _before.Length ? _before[index] : 0;
        return value >= before ? value - before : value;
    }

    /// <summary>Counts all numbers from their present values on.</summary>
    public void Set(NumberTable now) => Set(now, 0..now.Count);

    /// <summary>Counts a range from its present numbers on.</summary>
    public void Set(NumberTable now, Range range)
    {
        if (_before.Length < now.Count)
            Array.Resize(ref _before, Math.Max(now.Count, _before.Length * 2));
        now[range].CopyTo(_before.AsSpan(range));
    }
}
