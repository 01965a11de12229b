namespace Instrumentator;

/// <summary>Who is told the series of a family, one by one.</summary>
internal interface ISeriesSink
{
    /// <summary>Whether native buckets are of any use here, so that they are to be gathered.</summary>
    bool TakesNative { get; }

    /// <summary>A series that is a total.</summary>
    void Counter(LabelSet labels, double value, Exemplar? exemplar = null);

    /// <summary>A series that goes up and down, or of which nothing is known.</summary>
    void Gauge(LabelSet labels, double value);

    /// <summary>A series of buckets.</summary>
    void Histogram(LabelSet labels, in HistogramReading reading);

    /// <summary>A series of count and sum, and of quantiles where another library has them.</summary>
    void Summary(LabelSet labels, long count, double sum, ValueList<Quantile>? quantiles = null);
}
