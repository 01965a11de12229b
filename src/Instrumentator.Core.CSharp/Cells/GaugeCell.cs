namespace Instrumentator;

/// <summary>A gauge in memory of our own.</summary>
internal sealed class GaugeCell : Gauge, IReadCell
{
    private double _value;

    // Ones that single threads added and took off, where many write: one thread may begin what another ends, so a stripe alone may be below 0.
    private Contention _contention;
    private Stripes<GaugeStripe>? _stripes;

    // What the stripes held together when the value was set: so it is exactly what it was set to.
    private long _origin;

    public override double Value
    {
        get
        {
            if (_stripes is not { } stripes)
                return Volatile.Read(ref _value);
            lock (stripes.Lock)
                return Volatile.Read(ref _value) + (Striped() - _origin);
        }
    }

    public override void Set(double value)
    {
        if (_stripes is not { } stripes)
        {
            Volatile.Write(ref _value, value);
            return;
        }
        lock (stripes.Lock)
        {
            _origin = Striped();
            Volatile.Write(ref _value, value);
        }
    }

    public override void Add(double amount)
    {
        if (amount is 1 or -1 && _stripes?.Mine is { } mine)
            mine.Add((long)amount);
        else if (AtomicDouble.Add(ref _value, amount) && _contention.IsCommon())
            Stripes.Make(ref _stripes, _ => new GaugeStripe());
    }

    public void TellTo(ISeriesSink sink, LabelSet labels) => sink.Gauge(labels, Value);

    private long Striped()
    {
        var sum = 0L;
        foreach (var stripe in Stripes.All(_stripes))
            sum += stripe?.Own ?? 0;
        return sum;
    }
}
