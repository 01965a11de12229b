namespace Instrumentator;

/// <summary>The options of <see cref="Metrics.Latency"/>.</summary>
public sealed record LatencyOptions : MetricOptions
{
    /// <summary>The upper bounds of the buckets in seconds, finite and increasing; <c>+Inf</c> is implicit.</summary>
    /// <remarks>With <see cref="Native"/> buckets, the list may be empty, <c>[]</c>.</remarks>
    /// <value>The default is <see cref="Buckets.Default"/>.</value>
    public ValueList<double> Buckets { get; init; } = Instrumentator.Buckets.Default;

    /// <summary>The native buckets, in addition to the classic buckets.</summary>
    /// <value>The default is null: no native buckets.</value>
    public NativeBuckets? Native { get; init; }

    /// <summary>Whether the duration ends at the first byte of the response, instead of at its end.</summary>
    /// <value>The default is false.</value>
    public bool ExcludeStreamingDuration { get; init; }

    private protected override IEnumerable<string> Validate(string metric) => Buckets is null
        ? [.. base.Validate(metric), ConfigErrors.NullBuckets($"Buckets of {metric}")]
        : base.Validate(metric);
}

public static partial class Metrics
{
    /// <summary>Observes the durations of requests.</summary>
    /// <remarks>A histogram, <c>http_request_duration_seconds</c>, with the labels <c>handler</c>, <c>method</c>
    /// and <c>status</c>.</remarks>
    /// <param name="options">Buckets, name, labels, registry; null for the defaults.</param>
    /// <exception cref="InvalidConfigException">An option is invalid.</exception>
    /// <example><code>Metrics.Latency(new() { Buckets = [0.1, 0.5, 1] })</code></example>
    public static Func<Info, Unit> Latency(LatencyOptions? options = null)
    {
        options ??= new LatencyOptions();
        var definition = new FamilyDefinition(
            options.FullName("http_request_duration_seconds"),
            options.Help ?? "Duration of HTTP requests in seconds",
            MetricKind.Histogram,
            options.Labels.Names,
            Instrumentator.Buckets.WithoutInfinity(options.Buckets))
        { Native = options.Native };
        return options.ToFunction(definition, Seconds(options.ExcludeStreamingDuration));
    }

    private static Measured Seconds(bool toFirstByte) => toFirstByte ? Measured.SecondsToFirstByte : Measured.Seconds;
}
