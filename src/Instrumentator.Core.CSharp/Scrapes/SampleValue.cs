using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>What a cell held: one of four kinds, a closed set.</summary>
public abstract record SampleValue
{
    private SampleValue() { }

    /// <summary>Does what fits the kind. There is no way to forget one: C# has no exhaustive <c>switch</c>, and this is why it is here.</summary>
    public abstract T Match<T>(Func<Counter, T> counter, Func<Gauge, T> gauge, Func<Histogram, T> histogram, Func<Summary, T> summary);

    /// <summary>A total.</summary>
    /// <param name="Value">0 or more.</param>
    public sealed record Counter(double Value) : SampleValue
    {
        /// <summary>A request that was counted; null when none was kept.</summary>
        public Exemplar? Exemplar { get; init; }

        /// <inheritdoc/>
        public override T Match<T>(Func<Counter, T> counter, Func<Gauge, T> gauge, Func<Histogram, T> histogram, Func<Summary, T> summary)
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
        public override T Match<T>(Func<Counter, T> counter, Func<Gauge, T> gauge, Func<Histogram, T> histogram, Func<Summary, T> summary)
        {
            ArgumentNullException.ThrowIfNull(gauge);
            return gauge(this);
        }
    }

    /// <summary>Observations in buckets.</summary>
    /// <param name="Counts">How many fell into each bucket by itself; the last one is that of <c>+Inf</c>.</param>
    /// <param name="Sum">The sum of all.</param>
    public sealed record Histogram(ValueList<long> Counts, double Sum) : SampleValue
    {
        /// <summary>How many there were.</summary>
        public long Count => Counts.Sum();

        /// <summary>The upper bounds of its buckets without <c>+Inf</c>, where they are not those of its family; else null.</summary>
        public ValueList<double>? Buckets { get; init; }

        /// <summary>An observation for each bucket, or null where none was kept; empty when there are none at all.</summary>
        public ValueList<Exemplar?> Exemplars { get; init; } = [];

        /// <summary>Its native buckets; null when it has none.</summary>
        public NativeHistogram? Native { get; init; }

        internal HistogramReading Reading => new(Counts.Span, Sum) { Buckets = Buckets, Exemplars = Exemplars.Span, Native = Native is { } native ? native.Reading : default };

        /// <inheritdoc/>
        public override T Match<T>(Func<Counter, T> counter, Func<Gauge, T> gauge, Func<Histogram, T> histogram, Func<Summary, T> summary)
        {
            ArgumentNullException.ThrowIfNull(histogram);
            return histogram(this);
        }
    }

    /// <summary>Observations as count and sum.</summary>
    /// <param name="Count">How many there were.</param>
    /// <param name="Sum">The sum of all.</param>
    public sealed record Summary(long Count, double Sum) : SampleValue
    {
        /// <summary>Its quantiles; ours have none, those of other libraries may.</summary>
        public ValueList<Quantile> Quantiles { get; init; } = [];

        /// <inheritdoc/>
        public override T Match<T>(Func<Counter, T> counter, Func<Gauge, T> gauge, Func<Histogram, T> histogram, Func<Summary, T> summary)
        {
            ArgumentNullException.ThrowIfNull(summary);
            return summary(this);
        }
    }
}

/// <summary>A quantile of observations.</summary>
/// <param name="Rank">Between 0 and 1: 0.5 for the median.</param>
/// <param name="Value">So large was an observation at the most, for that part of them.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Quantile(double Rank, double Value);
