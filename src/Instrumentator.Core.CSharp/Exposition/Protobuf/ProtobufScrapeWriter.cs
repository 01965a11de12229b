using System.Buffers;

namespace Instrumentator;

/// <summary>A scrape writer for Prometheus's protobuf format: each metric family is a length-prefixed
/// <c>io.prometheus.client.MetricFamily</c> message.</summary>
/// <remarks>See https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto. This is the
/// only format with native histograms. Names are those of <see cref="PrometheusText"/>; a family whose name ends in a
/// base unit has a unit. Invalid exemplars are left out, as in <see cref="OpenMetricsText"/>.</remarks>
/// <param name="output">The buffer to write to.</param>
/// <param name="size">Counts the bytes.</param>
#pragma warning disable CA1001 // The memory of the parts is returned with each family.
internal sealed class ProtobufScrapeWriter(IBufferWriter<byte> output, ScrapeSize size) : IScrapeWriter, ISampleWriter
#pragma warning restore CA1001
{
    // The length of a family precedes it, so it is collected before it is written. No more than one series needs room
    // in one piece.
    private const int MaxPart = 64 * 1024;

    // Expected bytes of a number, or the two of a summary, with the start time and the enclosing message.
    private const int UsualValue = 30;

    private readonly ProtobufMessage _message = new();
    private readonly PooledBuffer _parts = new(size);
    private FamilyDefinition? _family;

    public bool TakesNative => true;

    public ISampleWriter? Begin(FamilyDefinition family)
    {
        Close();
        _family = family;
        size.Begin(family);
        _message.Text(MetricFamilyField.Name, family.Name);
        _message.Text(MetricFamilyField.Help, LabelSet.Clean(family.Help));
        _message.Integer(MetricFamilyField.Type, TypeOf(family.Kind));
        return this;
    }

    public void Counter(LabelSet labels, double value, Exemplar? exemplar = null, double? created = null)
    {
        var metric = BeginMetric(labels);
        var counter = _message.Begin(MetricField.Counter);
        _message.Double(CounterField.Value, value);
        ProtobufExemplar.Write(_message, CounterField.Exemplar, exemplar);
        ProtobufTimestamp.Write(_message, CounterField.CreatedTimestamp, created);
        _message.End(counter);
        EndMetric(metric);
    }

    public void Gauge(LabelSet labels, double value)
    {
        var metric = BeginMetric(labels);
        var gauge = _message.Begin(_family!.Kind == MetricKind.Unknown ? MetricField.Untyped : MetricField.Gauge);
        _message.Double(GaugeField.Value, value);
        _message.End(gauge);
        EndMetric(metric);
    }

    public void Histogram(LabelSet labels, in HistogramReading reading)
    {
        var expected = ProtobufHistogram.ExpectedLength(reading);
        var metric = BeginMetric(labels, expected);
        var histogram = _message.Begin(MetricField.Histogram, expected);
        ProtobufHistogram.Write(_message, reading, reading.Buckets ?? _family!.Buckets);
        _message.End(histogram);
        EndMetric(metric);
    }

    public void Summary(
        LabelSet labels, long count, double sum, ValueList<Quantile>? quantiles = null, double? created = null)
    {
        var metric = BeginMetric(labels);
        var summary = _message.Begin(MetricField.Summary);
        _message.Integer(SummaryField.SampleCount, count);
        _message.Double(SummaryField.SampleSum, sum);
        foreach (var quantile in quantiles is null ? [] : quantiles.Span)
            Write(quantile);
        ProtobufTimestamp.Write(_message, SummaryField.CreatedTimestamp, created);
        _message.End(summary);
        EndMetric(metric);
    }

    public void End()
    {
        Close();
        _message.Free();
        size.End();
    }

    private static int TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => MetricType.Counter,
        MetricKind.Gauge => MetricType.Gauge,
        MetricKind.Histogram => MetricType.Histogram,
        MetricKind.Summary => MetricType.Summary,
        MetricKind.Unknown => MetricType.Untyped,
        _ => throw new ArgumentOutOfRangeException(
            nameof(kind), kind, "The protobuf format has no name for this kind."),
    };

    // Labels are as long as their text, or slightly longer.
    private int BeginMetric(LabelSet labels, int expected = UsualValue)
    {
        var metric = _message.Begin(MetricFamilyField.Metric, labels.TextAndComma.Length + expected);
        ProtobufLabels.Write(_message, MetricField.Label, labels);
        return metric;
    }

    private void EndMetric(int metric)
    {
        _message.End(metric);
        if (_message.Length < MaxPart)
            return;
        size.Add(_message.Length);
        _message.MoveTo(_parts);
    }

    private void Write(Quantile quantile)
    {
        var message = _message.Begin(SummaryField.Quantile);
        _message.Double(QuantileField.Quantile, quantile.Rank);
        _message.Double(QuantileField.Value, quantile.Value);
        _message.End(message);
    }

    private void Close()
    {
        if (_family is null)
            return;
        if (Units.Of(_family.WithoutTotal) is { } unit)
            _message.Text(MetricFamilyField.Unit, unit);
        size.Add(_message.Length);
        size.Add(ProtobufMessage.WriteLength(output, size.OfFamily));
        foreach (var part in _parts.Pieces)
            output.Write(part.Span);
        _parts.Dispose();
        _message.MoveTo(output);
        _family = null;
    }
}
