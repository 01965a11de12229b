using System.Diagnostics.Metrics;
using System.Globalization;

namespace Instrumentator;

/// <summary>The kinds of instrument of <see cref="System.Diagnostics.Metrics"/>.</summary>
internal enum InstrumentKind
{
    Counter,
    UpDownCounter,
    Gauge,
    Histogram,
    ObservableCounter,
    ObservableUpDownCounter,
    ObservableGauge,
}

/// <summary>Extensions that read the kind and the buckets of an instrument.</summary>
internal static class InstrumentExtensions
{
    // Those of OpenTelemetry for any unit:
    // https://opentelemetry.io/docs/specs/otel/metrics/sdk/#explicit-bucket-histogram-aggregation.
    private static readonly ValueList<double> _defaultBounds =
        [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000];

    /// <summary>Returns the kind; null if the type of the instrument is not one of .NET.</summary>
    public static InstrumentKind? Kind(this Instrument instrument)
    {
        var type = instrument.GetType() is { IsGenericType: true } generic ? generic.GetGenericTypeDefinition() : null;
        return type == typeof(Counter<>) ? InstrumentKind.Counter
            : type == typeof(UpDownCounter<>) ? InstrumentKind.UpDownCounter
            : type == typeof(Gauge<>) ? InstrumentKind.Gauge
            : type == typeof(Histogram<>) ? InstrumentKind.Histogram
            : type == typeof(ObservableCounter<>) ? InstrumentKind.ObservableCounter
            : type == typeof(ObservableUpDownCounter<>) ? InstrumentKind.ObservableUpDownCounter
            : type == typeof(ObservableGauge<>) ? InstrumentKind.ObservableGauge
            : null;
    }

    public static MetricKind Metric(this InstrumentKind kind) => kind switch
    {
        InstrumentKind.Counter or InstrumentKind.ObservableCounter => MetricKind.Counter,
        InstrumentKind.Histogram => MetricKind.Histogram,
        _ => MetricKind.Gauge,
    };

    /// <summary>Returns the upper bounds of a histogram: those that the instrument advises, or else defaults for its
    /// unit. Invalid advice is ignored.</summary>
    public static ValueList<double> Bounds(this Instrument instrument)
    {
        var advice = AdviceOf<double>(instrument) ?? AdviceOf<long>(instrument) ?? AdviceOf<int>(instrument)
            ?? AdviceOf<float>(instrument) ?? AdviceOf<short>(instrument) ?? AdviceOf<byte>(instrument)
            ?? AdviceOf<decimal>(instrument);
        return advice is not null && HistogramRules.ErrorOfBounds(advice) is null ? advice
            : instrument.Unit == "s" ? Buckets.Default
            : _defaultBounds;
    }

    private static ValueList<double>? AdviceOf<T>(Instrument instrument)
        where T : struct =>
        instrument is Instrument<T> { Advice.HistogramBucketBoundaries: { } bounds }
            ? Buckets.WithoutInfinity(ValueList.From(
                bounds.Select(bound => Convert.ToDouble(bound, CultureInfo.InvariantCulture))))
            : null;
}
