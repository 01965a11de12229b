namespace Instrumentator;

/// <summary>A counter in memory of our own.</summary>
internal sealed class CounterCell : Counter, IReadCell
{
    // Whole numbers and fractions live in two words, so that the usual increment is one atomic addition and no loop. What single threads counted
    // is in their stripes. The value is the sum of all.
    private long _whole;
    private double _fraction;
    private Contention _contention;
    private Words[]? _stripes;
    private Exemplar? _exemplar;

    /// <summary>How much memory one takes.</summary>
    public const int Bytes = 48;

    public override double Value
    {
        get
        {
            var (whole, fraction) = (Volatile.Read(ref _whole), Volatile.Read(ref _fraction));
            foreach (var stripe in Volatile.Read(ref _stripes) ?? [])
                new OwnCounter(stripe).AddTo(ref whole, ref fraction);
            return whole + fraction;
        }
    }

    public override void Increment()
    {
        if (Stripes.Mine(ref _stripes, OwnCounter.Length) is { IsNone: false } mine)
            new OwnCounter(mine).Increment();
        else if (AtomicLong.Add(ref _whole, 1) && _contention.IsCommon())
            Take(Writer.Number);
    }

    public bool Bring(int step) => Stripes.Bring(ref _stripes, step, OwnCounter.Length);

    public void TellTo(ISeriesSink sink, LabelSet labels) => sink.Counter(labels, Value, _exemplar);

    internal override Cell StripeOf(int writer) => Take(writer) is { IsNone: false } own ? new CounterStripe(this, own) : this;

    internal override bool IsExemplarDue(double value, double before) => ExemplarSlots.IsDue(_exemplar, before);

    internal override void PutExemplar(Exemplar exemplar) => _exemplar = exemplar;

    protected override void Add(double amount)
    {
        if (Stripes.Mine(ref _stripes, OwnCounter.Length) is { IsNone: false } mine)
            new OwnCounter(mine).Add(amount);
        else if (AtomicDouble.Add(ref _fraction, amount) && _contention.IsCommon())
            Take(Writer.Number);
    }

    private Words Take(int writer) => Stripes.Take(ref _stripes, writer, OwnCounter.Length);
}
