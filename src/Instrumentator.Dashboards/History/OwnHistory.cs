namespace Instrumentator;

/// <summary>The numbers of all series that are not about requests.</summary>
/// <param name="catalog">The names.</param>
/// <param name="maxSeries">The maximum number of series.</param>
internal sealed class OwnHistory(Catalog catalog, int maxSeries)
{
    private readonly Dictionary<string, int> _families = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Family, ValueList<string> Labels), OwnSeries> _series = [];
    private readonly List<OwnSeries> _all = [];

    public NumberTable Numbers { get; } = new();

    public IReadOnlyList<OwnSeries> All => _all;

    /// <summary>Whether there is no room for further series.</summary>
    public bool IsFull => _all.Count >= maxSeries;

    /// <summary>Returns a series; null for a new one above the limit.</summary>
    public OwnSeries? Find(FamilyDefinition family, LatencyBounds bounds, ValueList<string> labels, OwnSource source)
    {
        if (_series.TryGetValue((family.Name, labels), out var known))
            return known;
        if (IsFull)
            return null;
        var series = OwnSeries.Take(Numbers, family.Kind, bounds.Count, source);
        catalog.AddSeries(IndexOf(family), labels);
        _series.Add((family.Name, labels), series);
        _all.Add(series);
        return series;
    }

    private int IndexOf(FamilyDefinition family)
    {
        if (_families.TryGetValue(family.Name, out var known))
            return known;
        catalog.AddFamily(family);
        return _families[family.Name] = _families.Count;
    }
}

/// <summary>The numbers of a series that is not about requests.</summary>
/// <param name="Kind">The kind of metric.</param>
/// <param name="Range">A value; or count, sum and buckets.</param>
/// <param name="Source">Where it comes from.</param>
internal sealed record OwnSeries(MetricKind Kind, Range Range, OwnSource Source)
{
    private const int FirstBucket = 2;

    /// <summary>The value of a counter or gauge.</summary>
    public int Value => Range.Start.Value;

    public int Count => Range.Start.Value;

    public int Sum => Count + 1;

    public Range Buckets => (Count + FirstBucket)..Range.End;

    /// <summary>The number of the reading that contained it last.</summary>
    public long LastSeen { get; set; }

    /// <summary>Whether the last reading contained it.</summary>
    public bool IsThere => Source.Has(this);

    public static OwnSeries Take(NumberTable numbers, MetricKind kind, int buckets, OwnSource source)
    {
        var length = kind switch
        {
            MetricKind.Histogram => FirstBucket + buckets,
            MetricKind.Summary => FirstBucket,
            _ => 1,
        };
        return new(kind, numbers.Take(length), source);
    }
}
