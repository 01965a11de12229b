namespace Instrumentator;

/// <summary>A gauge in memory of our own.</summary>
internal sealed class GaugeCell : Gauge, IReadCell
{
    // Ones, which requests in progress add and take off, are striped as two numbers that only grow. A reader sums up
    // those taken off first; each of them was added before, so it never sees one taken off without seeing it added, and
    // never a value below 0 where there was none.
    private const int Added = 0;
    private const int TakenOff = 1;
    private const int Readings = 3;

    private readonly Lock _lock = new();
    private StripedNumbers _ones = new(2);

    // What the gauge was set to and all other amounts, as the bits of a double; and the ones at the moment when it was
    // set, which do not count any more.
    private long _rest;
    private long _onesBefore;

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

    public void WriteTo(ISampleWriter writer, LabelSet labels) => writer.Gauge(labels, Value);

    // A reader that is held up between the two sums sees ones that were added later, and too many of them. The least of
    // a few readings was hardly held up.
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
