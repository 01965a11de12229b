namespace Instrumentator;

/// <summary>Who is told a scrape, family by family and series by series: a snapshot is made of it, or bytes.</summary>
internal interface IScrapeSink
{
    /// <summary>A family begins; what follows are its series.</summary>
    void Begin(FamilyDefinition family);

    /// <summary>A series that is a total.</summary>
    void Counter(LabelSet labels, double value, Exemplar? exemplar = null);

    /// <summary>A series that goes up and down, or of which nothing is known.</summary>
    void Gauge(LabelSet labels, double value);

    /// <summary>A series of buckets.</summary>
    /// <param name="labels">Its labels.</param>
    /// <param name="counts">How many observations are in each bucket by itself, the last one being that of <c>+Inf</c>. Good until the call returns.</param>
    /// <param name="sum">The sum of all.</param>
    /// <param name="own">What only series of other libraries have: bounds that are not the family's, exemplars.</param>
    void Histogram(LabelSet labels, ReadOnlySpan<long> counts, double sum, SampleValue.Histogram? own = null);

    /// <summary>A series of count and sum, and of quantiles where another library has them.</summary>
    void Summary(LabelSet labels, long count, double sum, ValueList<Quantile>? quantiles = null);

    /// <summary>That was all.</summary>
    void End();
}
