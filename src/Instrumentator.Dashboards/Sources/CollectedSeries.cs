namespace Instrumentator;

/// <summary>Reads the callbacks and collectors of a registry while somebody looks at the page.</summary>
/// <remarks>They may run code of the app, so they run less often than the registry is read, and nothing waits for
/// them.</remarks>
internal sealed class CollectedSeries(Registry registry, OwnHistory own)
{
    private const int SecondsPerCollection = 5;

    private readonly OwnSource _source = new(isAlwaysRead: false);
    private RegistryReader? _reader;
    private Task<List<ValueList<FamilySnapshot>>>? _collecting;

    /// <summary>The number of series that have no history.</summary>
    public int Missing => _source.Missing;

    /// <summary>Reads what has been collected, and starts the next collection if it is due.</summary>
    /// <returns>The series whose increase is not known yet.</returns>
    public IReadOnlyList<OwnSeries> Read(bool isWatched, long second, CancellationToken cancellationToken)
    {
        if (!isWatched)
        {
            _source.Pause();
            return [];
        }
        var found = _collecting is { IsCompleted: true } ended ? Read(ended) : [];
        if (_collecting is null && second % SecondsPerCollection == 0)
            _collecting = registry.CollectOthersAsync(cancellationToken).AsTask();
        return found;
    }

    // One that failed is reported by each scrape: the page goes on without.
    private IReadOnlyList<OwnSeries> Read(Task<List<ValueList<FamilySnapshot>>> ended)
    {
        _collecting = null;
        if (!ended.IsCompletedSuccessfully)
        {
            _ = ended.Exception;
            _source.Pause();
            return [];
        }
        _source.Begin();
        _reader ??= new RegistryReader(null, own, _source);
#pragma warning disable RS0030 // It has ended.
        foreach (var families in ended.Result)
            families.WriteTo(_reader);
#pragma warning restore RS0030
        return _source.Found;
    }
}
