namespace Instrumentator;

/// <summary>Who is told a scrape, family by family: a snapshot is made of it, or bytes.</summary>
internal interface IScrapeSink
{
    /// <summary>A family begins; what follows are its series.</summary>
    /// <returns>Who is told them; null when they are not wanted.</returns>
    ISeriesSink? Begin(FamilyDefinition family);

    /// <summary>That was all.</summary>
    void End();
}

/// <summary>Who is told the series of a family, one by one.</summary>
internal interface ISeriesSink
{
    /// <summary>Whether native buckets are of any use here, so that they are to be gathered.</summary>
    bool TakesNative { get; }

    /// <summary>A series that is a total.</summary>
    void Counter(LabelSet labels, double value, Exemplar? exemplar = null);

    /// <summary>A series that goes up and down, or of which nothing is known.</summary>
    void Gauge(LabelSet labels, double value);

    /// <summary>A series of buckets, and nothing else: the usual one.</summary>
    /// <param name="labels">Its labels.</param>
    /// <param name="counts">How many observations are in each bucket by itself, the last one being that of
    /// <c>+Inf</c>. Good until the call returns.</param>
    /// <param name="sum">The sum of all.</param>
    void Histogram(LabelSet labels, ReadOnlySpan<long> counts, double sum) =>
        Histogram(labels, new HistogramReading(counts, sum));

    /// <summary>A series of buckets, and of what else a histogram may have.</summary>
    void Histogram(LabelSet labels, in HistogramReading reading);

    /// <summary>A series of count and sum, and of quantiles where another library has them.</summary>
    void Summary(LabelSet labels, long count, double sum, ValueList<Quantile>? quantiles = null);
}
