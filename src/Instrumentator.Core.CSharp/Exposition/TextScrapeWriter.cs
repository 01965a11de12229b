using System.Buffers;

namespace Instrumentator;

/// <summary>A writer of scrapes as text. Everything in a line but the value is prepared in advance, with the family or
/// with the series.</summary>
/// <param name="format">The format.</param>
/// <param name="output">The buffer to write to.</param>
/// <param name="size">Counts the bytes.</param>
internal sealed class TextScrapeWriter(TextFormat format, IBufferWriter<byte> output, ScrapeSize size)
    : IScrapeWriter, ISampleWriter
{
    private readonly SampleLines _lines = new(output, size);
    private FamilyText _family = null!;

    // No text format in use supports native buckets.
    public bool TakesNative => false;

    public ISampleWriter? Begin(FamilyDefinition family)
    {
        _family = format.Of(family);
        size.Begin(family);
        Write(_family.Metadata);
        return this;
    }

    // A counter without the suffix _total has the type unknown in OpenMetrics, and may have any value.
    public void Counter(LabelSet labels, double value, Exemplar? exemplar = null, double? created = null)
    {
        if (_family.IsTotal && !IsAllowedTotal(value))
            return;
        _lines.Write(
            _family.Name,
            labels,
            value,
            exemplar is not null && _family.IsTotal && format.HasExemplars ? ExemplarText.Of(exemplar) : default);
        if (_family.IsTotal)
            WriteCreated(labels, created);
    }

    public void Gauge(LabelSet labels, double value) => _lines.Write(_family.Name, labels, value);

    public void Histogram(LabelSet labels, ReadOnlySpan<long> counts, double sum, double? created)
    {
        var count = _lines.WriteBuckets(_family.Bucket, labels, _family.Buckets, counts);
        WriteTotals(labels, _family.Definition.Buckets, count, sum);
        WriteCreated(labels, created);
    }

    public void Histogram(LabelSet labels, in HistogramReading reading)
    {
        var count = WriteBuckets(labels, reading);
        WriteTotals(labels, reading.Buckets ?? _family.Definition.Buckets, count, reading.Sum);
        WriteCreated(labels, reading.Created);
    }

    public void Summary(
        LabelSet labels, long count, double sum, ValueList<Quantile>? quantiles = null, double? created = null)
    {
        foreach (var quantile in quantiles is null ? [] : quantiles.Span)
            Write(labels, quantile);
        // Unlike a histogram, a summary may have a _count without a _sum.
        if (IsAllowedTotal(sum))
            _lines.WriteTotals(_family.Count, _family.Sum, labels, count, sum);
        else
            _lines.Write(_family.Count, labels, count);
        WriteCreated(labels, created);
    }

    public void End()
    {
        Write(format.End);
        size.End();
    }

    private void Write(byte[] text)
    {
        output.Write(text);
        size.Add(text.Length);
    }

    private long WriteBuckets(LabelSet labels, in HistogramReading reading)
    {
        var buckets = reading.Buckets is { } bounds ? FamilyText.BucketLabels(bounds) : _family.Buckets;
        return reading.Exemplars.IsEmpty || !format.HasExemplars
            ? _lines.WriteBuckets(_family.Bucket, labels, buckets, reading.Counts)
            : _lines.WriteBuckets(_family.Bucket, labels, buckets, reading.Counts, reading.Exemplars);
    }

    private void WriteTotals(LabelSet labels, ValueList<double> bounds, long count, double sum)
    {
        // With a negative upper bound, the sum can decrease and is not a total. In OpenMetrics, a histogram has both
        // _sum and _count, or neither.
        if (format.IsStrict && bounds is [< 0, ..] || !IsAllowedTotal(sum))
            return;
        _lines.WriteTotals(_family.Count, _family.Sum, labels, count, sum);
    }

    private void WriteCreated(LabelSet labels, double? created)
    {
        if (format.HasCreated && UnixTime.Valid(created) is { } seconds)
            _lines.Write(_family.Created, labels, seconds);
    }

    private void Write(LabelSet labels, Quantile quantile)
    {
        if (!format.IsStrict || quantile is { Rank: >= 0 and <= 1, Value: >= 0 or double.NaN })
            _lines.Write(_family.Name, labels, new LastLabel("quantile", quantile.Rank), quantile.Value);
    }

    // OpenMetrics forbids negative totals and NaN. One such value is left out; the rest of the scrape is valid.
    private bool IsAllowedTotal(double value) => !format.IsStrict || value >= 0;
}
