namespace Instrumentator;

/// <summary>Reads a registry into the history: one reader for each role of a family.</summary>
internal sealed class RegistryReader : IScrapeWriter
{
    private readonly RequestHistory _requests;
    private readonly OwnHistory _own;
    private readonly OwnSource _source;
    private readonly Dictionary<string, IFamilyReader> _readers = new(StringComparer.Ordinal);

    /// <summary>Creates a reader of the registry itself, or of its callbacks and collectors.</summary>
    /// <param name="requests">The numbers of requests; null if there are none in what it reads.</param>
    /// <param name="own">The numbers of all other series.</param>
    /// <param name="source">Where these come from.</param>
    public RegistryReader(RequestHistory? requests, OwnHistory own, OwnSource source)
    {
        (_requests, _own, _source) = (requests!, own, source);
        var names = (requests?.Families.All ?? []).Select(family => family.Name);
        foreach (var name in names.Distinct(StringComparer.Ordinal))
            _readers[name] = new SeveralReaders([.. RolesOf(name)]);
    }

    public ISampleWriter? Begin(FamilyDefinition family)
    {
        if (family.Name.StartsWith(Registry.OwnPrefix, StringComparison.Ordinal))
            return null;
        if (!_readers.TryGetValue(family.Name, out var reader))
            _readers[family.Name] = reader = new OwnReader(_own, _source, family);
        reader.Begin();
        return reader;
    }

    public void End() { }

    private IEnumerable<IFamilyReader> RolesOf(string name)
    {
        var (families, numbers) = (_requests.Families, _requests.Numbers);
        if (families.Requests is { } requests && requests.Name == name)
            yield return new RequestCountReader(_requests, requests);
        if (families.Latency?.Name == name)
            yield return new LatencyReader(numbers, _requests.Bounds, _ => _requests.Total);
        if (families.HandlerLatency is { } latency && latency.Name == name)
            yield return new LatencyReader(numbers, _requests.HandlerBounds, RowOf(latency));
        if (families.RequestSize is { } received && received.Name == name)
            yield return new SizeReader(numbers, values => HandlerOf(received, values).Request);
        if (families.ResponseSize is { } sent && sent.Name == name)
            yield return new SizeReader(numbers, values => HandlerOf(sent, values).Response);
        if (families.InProgress is { } inProgress && inProgress.Name == name)
            yield return new LevelReader(numbers, InProgressOf(inProgress));
        if (families.LongLived is { } longLived && longLived.Name == name)
            yield return new LevelReader(numbers, values => [HandlerOf(longLived, values).Open]);
    }

    private Func<ValueList<string>, RowNumbers> RowOf(LabeledFamily family) =>
        values => _requests.RowOf(values.At(family.Handler), values.At(family.Method));

    private HandlerNumbers HandlerOf(LabeledFamily family, ValueList<string> values) =>
        _requests.Of(values.At(family.Handler) ?? "");

    // Without the labels of rows, only the number of all is known.
    private Func<ValueList<string>, int[]> InProgressOf(LabeledFamily family) => values =>
        _requests.Families.HasRowsIn(family)
            ? [_requests.Total.InProgress, RowOf(family)(values).InProgress]
            : [_requests.Total.InProgress];
}

/// <summary>Passes each series on to several readers.</summary>
internal sealed class SeveralReaders(IFamilyReader[] readers) : IFamilyReader
{
    public bool TakesNative => Array.Exists(readers, reader => reader.TakesNative);

    public void Begin()
    {
        foreach (var reader in readers)
            reader.Begin();
    }

    public void Counter(LabelSet labels, double value, Exemplar? exemplar = null, double? created = null)
    {
        foreach (var reader in readers)
            reader.Counter(labels, value, exemplar, created);
    }

    public void Gauge(LabelSet labels, double value)
    {
        foreach (var reader in readers)
            reader.Gauge(labels, value);
    }

    public void Histogram(LabelSet labels, in HistogramReading reading)
    {
        foreach (var reader in readers)
            reader.Histogram(labels, reading);
    }

    public void Summary(
        LabelSet labels, long count, double sum, ValueList<Quantile>? quantiles = null, double? created = null)
    {
        foreach (var reader in readers)
            reader.Summary(labels, count, sum, quantiles, created);
    }
}
