namespace Instrumentator;

/// <summary>A counter in memory of our own.</summary>
internal sealed class CounterCell : Counter, IReadCell
{
    // Whole numbers and fractions live in two words, so that the usual increment is one atomic addition and no loop. What single threads counted
    // is in their stripes. The value is the sum of all.
    private long _whole;
    private double _fraction;
    private Contention _contention;
    private Stripes<CounterStripe>? _stripes;
    private Exemplar? _exemplar;

    public override double Value
    {
        get
        {
            var (whole, fraction) = (Volatile.Read(ref _whole), Volatile.Read(ref _fraction));
            foreach (var stripe in Stripes.All(_stripes))
                stripe?.Own.AddTo(ref whole, ref fraction);
            return whole + fraction;
        }
    }

    public override void Increment()
    {
        if (_stripes?.Mine is { } mine)
            mine.Increment();
        else if (AtomicLong.Add(ref _whole, 1) && _contention.IsCommon())
            MakeStripes();
    }

    public void TellTo(ISeriesSink sink, LabelSet labels) => sink.Counter(labels, Value, _exemplar);

    internal override Cell StripeOf(int writer) => (Cell?)MakeStripes().Of(writer) ?? this;

    internal override bool IsExemplarDue(double value, double before) => ExemplarSlots.IsDue(_exemplar, before);

    internal override void PutExemplar(Exemplar exemplar) => _exemplar = exemplar;

    protected override void Add(double amount)
    {
        if (_stripes?.Mine is { } mine)
            mine.Increment(amount);
        else if (AtomicDouble.Add(ref _fraction, amount) && _contention.IsCommon())
            MakeStripes();
    }

    private Stripes<CounterStripe> MakeStripes() => Stripes.Make(ref _stripes, _ => new CounterStripe(this));
}
