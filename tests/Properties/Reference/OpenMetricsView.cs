using System.Text;
using System.Text.RegularExpressions;

namespace Instrumentator.Properties.Reference;

/// <summary>What OpenMetrics 1.0.0 can express, sentence by sentence of the specification.</summary>
internal static partial class OpenMetricsView
{
    // "Base units include …"
    private static readonly string[] _units =
        ["seconds", "bytes", "joules", "grams", "meters", "ratios", "volts", "amperes", "celsius"];

    /// <summary>"The MetricPoint's Total Value Sample MetricName MUST have the suffix _total", and the family's name
    /// does not have it.</summary>
    public static string NameOf(FamilyDefinition family) =>
        family.Kind == MetricKind.Counter ? Total().Replace(family.Name, "") : family.Name;

    /// <summary>"Unknown MAY be used when it is impossible to determine the types of individual metrics from 3rd party
    /// systems."</summary>
    public static string TypeOf(FamilyDefinition family) =>
        family.Kind == MetricKind.Counter && NameOf(family) == family.Name
            ? "unknown"
            : family.Kind.ToString().ToLowerInvariant();

    /// <summary>"An underscore and the unit MUST be the suffix of the MetricFamily name."</summary>
    public static string? UnitOf(FamilyDefinition family) =>
        Array.Find(_units, unit => NameOf(family).EndsWith($"_{unit}", StringComparison.Ordinal));

    /// <summary>Returns a value as far as the format can express it: a sum that it cannot express is NaN, and a counter
    /// without the suffix is just a number.</summary>
    public static SampleValue Of(FamilyDefinition family, SampleValue value) => value.Match<SampleValue>(
        counter => TypeOf(family) == "unknown"
            ? new SampleValue.Gauge(counter.Value)
            : counter with { Exemplar = Of(counter.Exemplar) },
        gauge => gauge,
        histogram => new SampleValue.Histogram(
            histogram.Counts,
            (histogram.Buckets ?? family.Buckets) is [< 0, ..] ? double.NaN : SumOf(histogram.Sum))
        {
            Exemplars = histogram.Exemplars.Select(Of).ToArray() is var some && some.Any(one => one is not null)
                ? ValueList.From(some)
                : [],
        },
        summary => new SampleValue.Summary(summary.Count, SumOf(summary.Sum))
        {
            Quantiles = ValueList.From(summary.Quantiles.Where(IsQuantile)),
        });

    /// <summary>"Created … Unix timestamp": counters, histograms and summaries have one. A counter without a total has
    /// no point.</summary>
    public static double? CreatedOf(FamilyDefinition family, Sample sample) =>
        TypeOf(family) is "counter" or "histogram" or "summary"
            && !(sample.Value is SampleValue.Counter { Value: not >= 0 })
            && sample.Created is >= -62_135_596_800 and < 253_402_300_800
                ? sample.Created
                : null;

    /// <summary>"The combined length … MUST NOT exceed 128 UTF-8 characters." "Label names MUST be unique." A timestamp
    /// is a real number.</summary>
    public static Exemplar? Of(Exemplar? exemplar)
    {
        if (exemplar is null)
            return null;
        Label[] labels = [.. exemplar.Labels.Select(label => new Label(label.Name, SlowWriter.Clean(label.Value)))];
        var isTooLong =
            Encoding.UTF32.GetByteCount(string.Concat(labels.Select(label => label.Name + label.Value))) / 4 > 128;
        var areNamed = labels.All(label => LabelName().IsMatch(label.Name))
            && labels.DistinctBy(label => label.Name, StringComparer.Ordinal).Count() == labels.Length;
        return isTooLong || !areNamed
            ? null
            : new Exemplar(
                ValueList.From(labels),
                exemplar.Value,
                exemplar.Timestamp is { } known && double.IsFinite(known) ? known : null);
    }

    /// <summary>"Sum and buckets values are counters so MUST NOT be NaN or negative. Negative threshold buckets MAY be
    /// used, but then … MUST NOT contain a sum value."</summary>
    private static double SumOf(double sum) => sum >= 0 ? sum : double.NaN;

    /// <summary>"Quantiles MUST be between 0 and 1 inclusive. Quantile values MUST NOT be negative." "If there are no
    /// events …, the value MUST be NaN."</summary>
    private static bool IsQuantile(Quantile quantile) =>
        quantile is { Rank: >= 0 and <= 1 } && (quantile.Value >= 0 || double.IsNaN(quantile.Value));

    [GeneratedRegex(@"_total\z", RegexOptions.None, 1000)]
    private static partial Regex Total();

    // Names that start with __ are reserved for Prometheus.
    [GeneratedRegex(@"\A(?!__)[a-zA-Z_][a-zA-Z0-9_]*\z", RegexOptions.None, 1000)]
    private static partial Regex LabelName();
}
