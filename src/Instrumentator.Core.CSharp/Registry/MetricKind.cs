namespace Instrumentator;

/// <summary>The kinds of metric in Prometheus, with the names of its <c>TYPE</c> lines.</summary>
public enum MetricKind
{
    /// <summary>A total that only goes up.</summary>
    Counter,

    /// <summary>A value that goes up and down.</summary>
    Gauge,

    /// <summary>Observations counted in buckets.</summary>
    Histogram,

    /// <summary>Observations as a count and a sum.</summary>
    Summary,

    /// <summary>A value of unknown kind. Registries do not create it; scrapes may show those of another
    /// library.</summary>
    Unknown,
}
