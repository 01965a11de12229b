namespace Instrumentator;

/// <summary>A gauge in memory of our own.</summary>
internal sealed class GaugeCell : Gauge, IReadCell
{
    private double _value;

    // Ones that single threads added and took off, where many write: one thread may begin what another ends, so a stripe alone may be below 0.
    private Contention _contention;
    private Words[]? _stripes;

    // There before the first stripe.
    private Lock? _lock;

    // What the stripes held together when the value was set: so it is exactly what it was set to.
    private long _origin;

    public override double Value
    {
        get
        {
            if (Volatile.Read(ref _stripes) is null)
                return Volatile.Read(ref _value);
            lock (_lock!)
                return Volatile.Read(ref _value) + (Striped() - _origin);
        }
    }

    public override void Set(double value)
    {
        if (Volatile.Read(ref _stripes) is null)
        {
            Volatile.Write(ref _value, value);
            return;
        }
        lock (_lock!)
        {
            _origin = Striped();
            Volatile.Write(ref _value, value);
        }
    }

    public override void Add(double amount)
    {
        if (amount is 1 or -1 && Stripes.Mine(ref _stripes, 1) is { IsNone: false } mine)
            Words.Add(ref mine.Single, (long)amount);
        else if (AtomicDouble.Add(ref _value, amount) && _contention.IsCommon())
            Stripe();
    }

    public void TellTo(ISeriesSink sink, LabelSet labels) => sink.Gauge(labels, Value);

    private void Stripe()
    {
        Interlocked.CompareExchange(ref _lock, new Lock(), null);
        Take(Writer.Number);
    }

    private Words Take(int writer) => Stripes.Take(ref _stripes, writer, 1);

    private long Striped()
    {
        var sum = 0L;
        foreach (var stripe in Volatile.Read(ref _stripes) ?? [])
        {
            foreach (ref var ones in stripe.First(1))
                sum += Volatile.Read(ref ones);
        }
        return sum;
    }
}
