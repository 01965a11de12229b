namespace Instrumentator;

/// <summary>A gauge of the built-in backend.</summary>
/// <remarks>One number, which each change replaces at once, and not the sum of stripes as in the other cells: a gauge
/// goes up and down, so a reader that adds up stripes while threads change them may see a value that the gauge never
/// had.</remarks>
internal sealed class GaugeCell : Gauge, IReadCell
{
    // The bits of a double.
    private long _value;
    private volatile bool _isTemporary;
    private volatile bool _isKept;

    public override double Value => BitConverter.Int64BitsToDouble(Volatile.Read(ref _value));

    public override void Set(double value) => Volatile.Write(ref _value, BitConverter.DoubleToInt64Bits(value));

    public override void Add(double amount) => AtomicDouble.Add(ref _value, amount);

    public void WriteTo(ISampleWriter writer, LabelSet labels, double created)
    {
        var value = Value;
        if (value != 0 || !_isTemporary || _isKept)
            writer.Gauge(labels, value);
    }

    /// <summary>Omits the series from scrapes while its value is 0, until <see cref="Keep"/> is called.</summary>
    public void OmitZero() => _isTemporary = true;

    /// <summary>Makes scrapes contain the series whatever its value is, for ever.</summary>
    public void Keep() => _isKept = true;
}
