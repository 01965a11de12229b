namespace Instrumentator;

/// <summary>The kinds of metric that Prometheus knows. The names are those of its <c>TYPE</c> lines.</summary>
public enum MetricKind
{
    /// <summary>A total that only goes up.</summary>
    Counter,

    /// <summary>A value that goes up and down.</summary>
    Gauge,

    /// <summary>Observations counted in buckets.</summary>
    Histogram,

    /// <summary>Observations as their count and their sum.</summary>
    Summary,

    /// <summary>A value of which nobody knows more. No registry makes such; another library's may be shown in a scrape.</summary>
    Unknown,
}
