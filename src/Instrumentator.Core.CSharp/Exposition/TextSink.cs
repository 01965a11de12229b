using System.Buffers;

namespace Instrumentator;

/// <summary>Writes what a scrape tells as text. Of each line all but the number was made before: with its family, or with its series.</summary>
internal sealed class TextSink(TextFormat format, IBufferWriter<byte> output) : IScrapeSink
{
    private readonly SampleLines _lines = new(output);
    private FamilyText _family = null!;

    public void Begin(FamilyDefinition family)
    {
        _family = format.Of(family);
        output.Write(_family.Metadata);
    }

    // One that is not named as OpenMetrics names counters has no type there, and may be any number.
    public void Counter(LabelSet labels, double value, Exemplar? exemplar = null)
    {
        if (!_family.IsTotal || IsTotal(value))
            _lines.Write(_family.Name, labels, value, exemplar is not null && _family.IsTotal && format.HasExemplars ? ExemplarText.Of(exemplar) : default);
    }

    public void Gauge(LabelSet labels, double value) => _lines.Write(_family.Name, labels, value);

    public void Histogram(LabelSet labels, ReadOnlySpan<long> counts, double sum, SampleValue.Histogram? own = null)
    {
        var buckets = own?.Buckets is { } bounds ? FamilyText.BucketLabels(bounds) : _family.Buckets;
        var count = own is { Exemplars.Count: > 0 } && format.HasExemplars
            ? _lines.WriteBuckets(_family.Bucket, labels, buckets, counts, ValueList.From(own.Exemplars.Select(exemplar => exemplar is null ? [] : ExemplarText.Of(exemplar))))
            : _lines.WriteBuckets(_family.Bucket, labels, buckets, counts);

        // Where negative values are expected, a sum can fall and is no total. OpenMetrics: no _count without a _sum.
        if (format.IsStrict && (own?.Buckets ?? _family.Definition.Buckets) is [< 0, ..] || !IsTotal(sum))
            return;
        _lines.Write(_family.Count, labels, count);
        _lines.Write(_family.Sum, labels, sum);
    }

    public void Summary(LabelSet labels, long count, double sum, ValueList<Quantile>? quantiles = null)
    {
        foreach (var quantile in quantiles is null ? [] : quantiles.Span)
            Write(labels, quantile);
        _lines.Write(_family.Count, labels, count);
        if (IsTotal(sum))
            _lines.Write(_family.Sum, labels, sum);
    }

    public void End() => output.Write(format.End);

    private void Write(LabelSet labels, Quantile quantile)
    {
        if (!format.IsStrict || quantile is { Rank: >= 0 and <= 1, Value: >= 0 or double.NaN })
            _lines.Write(_family.Name, labels, new LastLabel("quantile", quantile.Rank), quantile.Value);
    }

    private bool IsTotal(double value) => !format.IsStrict || value >= 0;
}
