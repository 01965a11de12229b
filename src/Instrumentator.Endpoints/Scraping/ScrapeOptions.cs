namespace Instrumentator;

/// <summary>What the metrics endpoint lets one choose.</summary>
public sealed record ScrapeOptions
{
    /// <summary>Which registry is shown.</summary>
    /// <value>The default is null: that of the app's instrumentation.</value>
    public Registry? Registry { get; init; }

    /// <summary>Whether the answer is compressed for a reader that accepts gzip.</summary>
    /// <value>The default is false.</value>
    public bool Gzip { get; init; }

    /// <summary>Whether scrapes are measured like any other request.</summary>
    /// <value>The default is false: the metrics are about the app and not about who reads them.</value>
    public bool Measured { get; init; }
}
