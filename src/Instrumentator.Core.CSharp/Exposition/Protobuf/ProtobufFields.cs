namespace Instrumentator;

// The field numbers, message by message, of
// https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto.

/// <summary>Fields of a metric family.</summary>
internal static class MetricFamilyField
{
    public const int Name = 1;
    public const int Help = 2;
    public const int Type = 3;
    public const int Metric = 4;
    public const int Unit = 5;
}

/// <summary>Kinds of metric families.</summary>
internal static class MetricType
{
    public const int Counter = 0;
    public const int Gauge = 1;
    public const int Summary = 2;
    public const int Untyped = 3;
    public const int Histogram = 4;
}

/// <summary>Fields of a series.</summary>
internal static class MetricField
{
    public const int Label = 1;
    public const int Gauge = 2;
    public const int Counter = 3;
    public const int Summary = 4;
    public const int Untyped = 5;
    public const int Histogram = 7;
}

/// <summary>Fields of a label.</summary>
internal static class LabelPairField
{
    public const int Name = 1;
    public const int Value = 2;
}

/// <summary>Fields of a gauge, or of a value of unknown kind.</summary>
internal static class GaugeField
{
    public const int Value = 1;
}

/// <summary>Fields of a counter.</summary>
internal static class CounterField
{
    public const int Value = 1;
    public const int Exemplar = 2;
    public const int CreatedTimestamp = 3;
}

/// <summary>Fields of a summary.</summary>
internal static class SummaryField
{
    public const int SampleCount = 1;
    public const int SampleSum = 2;
    public const int Quantile = 3;
    public const int CreatedTimestamp = 4;
}

/// <summary>Fields of a quantile of a summary.</summary>
internal static class QuantileField
{
    public const int Quantile = 1;
    public const int Value = 2;
}

/// <summary>Fields of a histogram.</summary>
internal static class HistogramField
{
    public const int SampleCount = 1;
    public const int SampleSum = 2;
    public const int Bucket = 3;
    public const int Schema = 5;
    public const int ZeroThreshold = 6;
    public const int ZeroCount = 7;
    public const int NegativeSpan = 9;
    public const int NegativeDelta = 10;
    public const int PositiveSpan = 12;
    public const int PositiveDelta = 13;
    public const int CreatedTimestamp = 15;
    public const int Exemplars = 16;
}

/// <summary>Fields of a classic bucket.</summary>
internal static class BucketField
{
    public const int CumulativeCount = 1;
    public const int UpperBound = 2;
    public const int Exemplar = 3;
}

/// <summary>Fields of a span of adjacent native buckets.</summary>
internal static class BucketSpanField
{
    public const int Offset = 1;
    public const int Length = 2;
}

/// <summary>Fields of an exemplar.</summary>
internal static class ExemplarField
{
    public const int Label = 1;
    public const int Value = 2;
    public const int Timestamp = 3;
}

/// <summary>Fields of <c>google.protobuf.Timestamp</c>.</summary>
internal static class TimestampField
{
    public const int Seconds = 1;
    public const int Nanos = 2;
}
