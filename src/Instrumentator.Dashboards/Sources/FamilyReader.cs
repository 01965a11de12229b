using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>Reads the series of a family into numbers of the history.</summary>
/// <typeparam name="TTarget">What a series is counted in.</typeparam>
/// <remarks>Series come in the same order at each reading, as long as none is removed, so that the target of a series
/// is found at its position.</remarks>
internal abstract class FamilyReader<TTarget> : IFamilyReader
{
    private readonly List<(LabelSet Labels, TTarget Target)> _known = [];
    private int _next;

    public virtual bool TakesNative => false;

    public virtual void Begin() => _next = 0;

    public virtual void Counter(LabelSet labels, double value, Exemplar? exemplar = null, double? created = null) { }

    public virtual void Gauge(LabelSet labels, double value) { }

    public virtual void Histogram(LabelSet labels, in HistogramReading reading) { }

    public virtual void Summary(
        LabelSet labels, long count, double sum, ValueList<Quantile>? quantiles = null, double? created = null)
    {
    }

    /// <summary>Whether series that were not there before get a target. If not, they have the default one.</summary>
    protected virtual bool TakesNew => true;

    /// <summary>Returns the target of a series.</summary>
    protected TTarget? TargetOf(LabelSet labels)
    {
        var position = _next++;
        if (position >= _known.Count && !TakesNew)
            return default;
        if (position < _known.Count && ReferenceEquals(_known[position].Labels, labels))
            return _known[position].Target;
        var target = Find(labels.Values);
        CollectionsMarshal.SetCount(_known, Math.Max(_known.Count, position + 1));
        _known[position] = (labels, target);
        return target;
    }

    protected abstract TTarget Find(ValueList<string> values);

    protected static long CountOf(in HistogramReading reading)
    {
        var count = reading.Native.ZeroCount;
        foreach (var one in reading.Native.Positive)
            count += one.Count;
        var classic = 0L;
        foreach (var one in reading.Counts)
            classic += one;

        // A histogram with both kinds of buckets counts each observation in both.
        return Math.Max(count, classic);
    }
}

/// <summary>A writer of samples that is told when a reading of its family begins.</summary>
internal interface IFamilyReader : ISampleWriter
{
    void Begin();
}
