namespace Instrumentator;

/// <summary>A summary of the built-in backend.</summary>
internal sealed class SummaryCell : Summary, IReadCell
{
    // As in a counter, integers such as sizes are added as integers. The sum is the total of both.
    private const int Observations = 0;
    private const int Whole = 1;
    private const int Fraction = 2;

    private StripedNumbers _numbers = new(3);

    public override long Count => _numbers.Sum(Observations);

    public override double Sum => _numbers.Sum(Whole) + _numbers.SumOfDoubles(Fraction);

    public override void Observe(double value)
    {
        var numbers = _numbers.Open();
        numbers.Add(Fraction, value);
        numbers.Add(Observations, 1);
    }

    public override void Observe(long value)
    {
        var numbers = _numbers.Open();
        if (IsSmall(value))
            numbers.Add(Whole, value);
        else
            numbers.Add(Fraction, (double)value);
        numbers.Add(Observations, 1);
    }

    // The count is written last and read first, so the sum covers at least as many observations.
    public void WriteTo(ISampleWriter writer, LabelSet labels, double created) =>
        writer.Summary(labels, Count, Sum, created: created);

    // At most 16 MiB, so that 2^39 of them fit. Clients declare sizes, and a few huge ones must not overflow the
    // number.
    private static bool IsSmall(long value) => value is >= -(1L << 24) and <= 1L << 24;
}
