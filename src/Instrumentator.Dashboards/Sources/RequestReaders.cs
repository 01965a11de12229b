using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>Reads what counts requests: a counter, a histogram or a summary.</summary>
internal sealed class RequestCountReader(RequestHistory history, LabeledFamily family)
    : FamilyReader<RequestCountReader.Target>
{
    public override void Counter(LabelSet labels, double value, Exemplar? exemplar = null, double? created = null) =>
        Add(labels, value);

    public override void Histogram(LabelSet labels, in HistogramReading reading) => Add(labels, CountOf(reading));

    public override void Summary(
        LabelSet labels, long count, double sum, ValueList<Quantile>? quantiles = null, double? created = null) =>
        Add(labels, count);

    protected override Target Find(ValueList<string> values)
    {
        var row = history.RowOf(values.At(family.Handler), values.At(family.Method));
        return (values.At(family.Status) ?? "") switch
        {
            ['4', ..] => new(row, history.Total.ClientErrors, row.ClientErrors),
            ['5', ..] => new(row, history.Total.ServerErrors, row.ServerErrors),
            _ => new(row, null, null),
        };
    }

    private void Add(LabelSet labels, double count)
    {
        var (row, totalErrors, rowErrors) = TargetOf(labels);
        var numbers = history.Numbers.Writable;
        numbers[history.Total.Requests] += count;
        numbers[row.Requests] += count;
        if (totalErrors is { } ofAll && rowErrors is { } ofRow)
        {
            numbers[ofAll] += count;
            numbers[ofRow] += count;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Target(RowNumbers Row, int? TotalErrors, int? RowErrors);
}

/// <summary>Reads a histogram of latency.</summary>
internal sealed class LatencyReader(NumberTable numbers, LatencyBounds bounds, Func<ValueList<string>, RowNumbers> find)
    : FamilyReader<RowNumbers>
{
    public override bool TakesNative => bounds.IsNative;

    public override void Histogram(LabelSet labels, in HistogramReading reading)
    {
        var row = TargetOf(labels)!;
        numbers.Writable[row.Seconds] += reading.Sum;
        bounds.AddTo(numbers[row.Buckets], reading);
    }

    protected override RowNumbers Find(ValueList<string> values) => find(values);
}

/// <summary>Reads a summary of body sizes by handler.</summary>
/// <param name="numbers">The numbers to add to.</param>
/// <param name="find">Returns the indexes of count and bytes for label values.</param>
internal sealed class SizeReader(NumberTable numbers, Func<ValueList<string>, (int Count, int Bytes)> find)
    : FamilyReader<(int Count, int Bytes)>
{
    public override void Summary(
        LabelSet labels, long count, double sum, ValueList<Quantile>? quantiles = null, double? created = null) =>
        Add(labels, count, sum);

    public override void Histogram(LabelSet labels, in HistogramReading reading) =>
        Add(labels, CountOf(reading), reading.Sum);

    protected override (int Count, int Bytes) Find(ValueList<string> values) => find(values);

    private void Add(LabelSet labels, double count, double bytes)
    {
        var target = TargetOf(labels);
        numbers.Writable[target.Count] += count;
        numbers.Writable[target.Bytes] += bytes;
    }
}

/// <summary>Reads a gauge into one or more numbers.</summary>
internal sealed class LevelReader(NumberTable numbers, Func<ValueList<string>, int[]> find) : FamilyReader<int[]>
{
    public override void Gauge(LabelSet labels, double value)
    {
        foreach (var index in TargetOf(labels)!)
            numbers.Writable[index] += value;
    }

    protected override int[] Find(ValueList<string> values) => find(values);
}

internal static class LabelValuesExtensions
{
    /// <summary>Returns the value at an index; null for the index of a label that a family does not have.</summary>
    public static string? At(this ValueList<string> values, int index) => index < 0 ? null : values[index];
}
