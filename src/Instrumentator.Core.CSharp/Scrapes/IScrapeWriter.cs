namespace Instrumentator;

/// <summary>A writer that turns a scrape, family by family, into a snapshot or bytes.</summary>
internal interface IScrapeWriter
{
    /// <summary>Begins a family. Its series follow.</summary>
    /// <returns>The writer of its series; null when they are not wanted.</returns>
    ISampleWriter? Begin(FamilyDefinition family);

    /// <summary>Ends the scrape.</summary>
    void End();
}

/// <summary>A writer for the series of a family, one by one.</summary>
internal interface ISampleWriter
{
    /// <summary>Whether native buckets are written, so that they have to be collected.</summary>
    bool TakesNative { get; }

    /// <summary>Writes a series of a counter.</summary>
    /// <param name="labels">Its labels.</param>
    /// <param name="value">Its value.</param>
    /// <param name="exemplar">Its exemplar; null for none.</param>
    /// <param name="created">When it began, in seconds since 1970 (UTC); null if unknown.</param>
    void Counter(LabelSet labels, double value, Exemplar? exemplar = null, double? created = null);

    /// <summary>Writes a series of a gauge, or of a metric of unknown type.</summary>
    void Gauge(LabelSet labels, double value);

    /// <summary>Writes a series of a histogram that has classic buckets only.</summary>
    /// <param name="labels">Its labels.</param>
    /// <param name="counts">The number of observations in each bucket alone, not cumulative; the last one is that of
    /// <c>+Inf</c>. Valid until the call returns.</param>
    /// <param name="sum">The sum of all observations.</param>
    /// <param name="created">When it began, in seconds since 1970 (UTC); null if unknown.</param>
    void Histogram(LabelSet labels, ReadOnlySpan<long> counts, double sum, double? created) =>
        Histogram(labels, new HistogramReading(counts, sum) { Created = created });

    /// <summary>Writes a series of a histogram, with everything that it can have.</summary>
    void Histogram(LabelSet labels, in HistogramReading reading);

    /// <summary>Writes a series of a summary. Only other libraries have quantiles.</summary>
    void Summary(
        LabelSet labels, long count, double sum, ValueList<Quantile>? quantiles = null, double? created = null);
}
