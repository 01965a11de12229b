using System.Buffers;
using System.Text;

namespace Instrumentator;

/// <summary>Writes the samples of one family. What they need is made once, for the family: a sample copies prepared text.</summary>
internal sealed class FamilyText
{
    private readonly TextFormat _format;
    private readonly SampleLines _lines;
    private readonly FamilyDefinition _family;
    private readonly byte[][] _bucketLabels;

    // The sample that is being written has these: functions that knew it would have to be made for each.
    private LabelSet _labels = LabelSet.Empty;

    public FamilyText(FamilyDefinition family, TextFormat format, IBufferWriter<byte> output)
    {
        (_family, _format) = (family, format);
        _lines = new SampleLines(family.Name, output);
        _bucketLabels = BucketLabels(family.Buckets);
    }

    public void Write(ValueList<Sample> samples)
    {
        Func<SampleValue.Counter, Unit> counter = Write;
        Func<SampleValue.Gauge, Unit> gauge = Write;
        Func<SampleValue.Histogram, Unit> histogram = Write;
        Func<SampleValue.Summary, Unit> summary = Write;
        foreach (var sample in samples.Span)
        {
            _labels = sample.Labels;
            sample.Value.Match(counter, gauge, histogram, summary);
        }
    }

    // One that is not named as OpenMetrics names counters has no type there, and may be any number.
    private Unit Write(SampleValue.Counter counter) =>
        !_family.IsTotal ? _lines.Write(""u8, _labels, default, counter.Value)
        : IsTotal(counter.Value) ? _lines.Write(""u8, _labels, default, counter.Value, ExemplarOf(counter.Exemplar))
        : Unit.Value;

    private Unit Write(SampleValue.Gauge gauge) => _lines.Write(""u8, _labels, default, gauge.Value);

    private Unit Write(SampleValue.Histogram histogram)
    {
        var bounds = histogram.Buckets ?? _family.Buckets;
        var labels = histogram.Buckets is null ? _bucketLabels : BucketLabels(bounds);
        var cumulative = 0L;
        for (var i = 0; i < labels.Length; i++)
            _lines.Write("_bucket"u8, _labels, labels[i], cumulative += histogram.Counts[i], ExemplarOf(i < histogram.Exemplars.Count ? histogram.Exemplars[i] : null));

        // Where negative values are expected, a sum can fall and is no total. OpenMetrics: no _count without a _sum.
        if (_format.IsStrict && bounds is [< 0, ..] || !IsTotal(histogram.Sum))
            return Unit.Value;
        _lines.Write("_count"u8, _labels, default, cumulative);
        return _lines.Write("_sum"u8, _labels, default, histogram.Sum);
    }

    private Unit Write(SampleValue.Summary summary)
    {
        foreach (var quantile in summary.Quantiles.Span)
            Write(quantile);
        _lines.Write("_count"u8, _labels, default, summary.Count);
        return IsTotal(summary.Sum) ? _lines.Write("_sum"u8, _labels, default, summary.Sum) : Unit.Value;
    }

    private void Write(Quantile quantile)
    {
        if (!_format.IsStrict || quantile is { Rank: >= 0 and <= 1, Value: >= 0 or double.NaN })
            _lines.Write(""u8, _labels, Utf8($"quantile=\"{Numbers.UpperBound(quantile.Rank)}\""), quantile.Value);
    }

    private bool IsTotal(double value) => !_format.IsStrict || value >= 0;

    private byte[] ExemplarOf(Exemplar? exemplar) => exemplar is null || !_format.HasExemplars ? [] : ExemplarText.Of(exemplar);

    private static byte[][] BucketLabels(ValueList<double> bounds) =>
        [.. bounds.Append(double.PositiveInfinity).Select(bound => Utf8($"le=\"{Numbers.UpperBound(bound)}\""))];

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
