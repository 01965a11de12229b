namespace Instrumentator;

/// <summary>A gauge of the built-in backend.</summary>
internal sealed class GaugeCell : Gauge, IReadCell
{
    // Amounts of 1 and -1, which requests in progress add, are striped as two numbers that only grow. A reader sums
    // TakenOff first. Each one taken off was added before, so the reader never sees it taken off but not added, and
    // never sees a negative value that did not exist.
    private const int Added = 0;
    private const int TakenOff = 1;
    private const int Readings = 3;

    private readonly Lock _lock = new();
    private StripedNumbers _ones = new(2);

    // The last value set plus all other amounts, as the bits of a double; and the ones at the time of that set, which
    // no longer count.
    private long _rest;
    private long _onesBefore;
    private volatile bool _isTemporary;
    private volatile bool _isKept;

    public override double Value
    {
        get
        {
            lock (_lock)
                return BitConverter.Int64BitsToDouble(Volatile.Read(ref _rest)) + (Ones() - _onesBefore);
        }
    }

    public override void Set(double value)
    {
        lock (_lock)
        {
            _onesBefore = Ones();
            Volatile.Write(ref _rest, BitConverter.DoubleToInt64Bits(value));
        }
    }

    public override void Add(double amount)
    {
        if (amount == 1)
            _ones.Open().Add(Added, 1);
        else if (amount == -1)
            _ones.Open().Add(TakenOff, 1);
        else
            AtomicDouble.Add(ref _rest, amount);
    }

    public void WriteTo(ISampleWriter writer, LabelSet labels)
    {
        var value = Value;
        if (value != 0 || !_isTemporary || _isKept)
            writer.Gauge(labels, value);
    }

    /// <summary>Omits the series from scrapes while its value is 0, until <see cref="Keep"/> is called.</summary>
    public void OmitZero() => _isTemporary = true;

    /// <summary>Makes scrapes contain the series whatever its value is, for ever.</summary>
    public void Keep() => _isKept = true;

    // A reader that is delayed between the two sums sees ones that were added later, so its result is too high. The
    // lowest of a few readings was hardly delayed.
    private long Ones()
    {
        var least = long.MaxValue;
        for (var i = 0; i < Readings; i++)
        {
            var takenOff = _ones.Sum(TakenOff);
            least = Math.Min(least, _ones.Sum(Added) - takenOff);
        }
        return least;
    }
}
