using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>The value of a cell: one of four kinds, a closed set.</summary>
public abstract record SampleValue
{
    private SampleValue() { }

    /// <summary>Calls the function for the kind. C# has no exhaustive <c>switch</c>; with this method, callers cannot
    /// forget a kind.</summary>
    public abstract T Match<T>(
        Func<Counter, T> counter,
        Func<Gauge, T> gauge,
        Func<Histogram, T> histogram,
        Func<Summary, T> summary);

    /// <summary>A total.</summary>
    /// <param name="Value">0 or more.</param>
    public sealed record Counter(double Value) : SampleValue
    {
        /// <summary>Gets an exemplar of the counter; null when none was kept.</summary>
        public Exemplar? Exemplar { get; init; }

        /// <inheritdoc/>
        public override T Match<T>(
            Func<Counter, T> counter,
            Func<Gauge, T> gauge,
            Func<Histogram, T> histogram,
            Func<Summary, T> summary)
        {
            ArgumentNullException.ThrowIfNull(counter);
            return counter(this);
        }
    }

    /// <summary>A value that goes up and down.</summary>
    /// <param name="Value">Any number.</param>
    public sealed record Gauge(double Value) : SampleValue
    {
        /// <inheritdoc/>
        public override T Match<T>(
            Func<Counter, T> counter,
            Func<Gauge, T> gauge,
            Func<Histogram, T> histogram,
            Func<Summary, T> summary)
        {
            ArgumentNullException.ThrowIfNull(gauge);
            return gauge(this);
        }
    }

    /// <summary>Observations in buckets.</summary>
    /// <param name="Counts">The number of observations in each bucket alone, not cumulative; the last one is that of
    /// <c>+Inf</c>.</param>
    /// <param name="Sum">The sum of all observations.</param>
    public sealed record Histogram(ValueList<long> Counts, double Sum) : SampleValue
    {
        /// <summary>Gets the number of observations.</summary>
        public long Count => Counts.Sum();

        /// <summary>Gets the upper bounds without <c>+Inf</c> if they differ from the family's; otherwise
        /// null.</summary>
        public ValueList<double>? Buckets { get; init; }

        /// <summary>Gets an exemplar for each bucket, or null where none was kept; empty if there are none.</summary>
        public ValueList<Exemplar?> Exemplars { get; init; } = [];

        /// <summary>Gets the native buckets; null if there are none.</summary>
        public NativeHistogram? Native { get; init; }

        internal HistogramReading Reading(double? created) => new(Counts.Span, Sum)
        {
            Buckets = Buckets,
            Exemplars = Exemplars.Span,
            Native = Native is { } native ? native.Reading : default,
            Created = created,
        };

        /// <inheritdoc/>
        public override T Match<T>(
            Func<Counter, T> counter,
            Func<Gauge, T> gauge,
            Func<Histogram, T> histogram,
            Func<Summary, T> summary)
        {
            ArgumentNullException.ThrowIfNull(histogram);
            return histogram(this);
        }
    }

    /// <summary>Observations as a count and a sum.</summary>
    /// <param name="Count">The number of observations.</param>
    /// <param name="Sum">The sum of all observations.</param>
    public sealed record Summary(long Count, double Sum) : SampleValue
    {
        /// <summary>Gets the quantiles. Only summaries of other libraries have any.</summary>
        public ValueList<Quantile> Quantiles { get; init; } = [];

        /// <inheritdoc/>
        public override T Match<T>(
            Func<Counter, T> counter,
            Func<Gauge, T> gauge,
            Func<Histogram, T> histogram,
            Func<Summary, T> summary)
        {
            ArgumentNullException.ThrowIfNull(summary);
            return summary(this);
        }
    }
}

/// <summary>A quantile of observations.</summary>
/// <param name="Rank">The rank, a fraction between 0 and 1: 0.5 for the median.</param>
/// <param name="Value">The value that this fraction of the observations does not exceed.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Quantile(double Rank, double Value);
