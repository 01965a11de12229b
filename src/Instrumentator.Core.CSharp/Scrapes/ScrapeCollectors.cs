namespace Instrumentator;

/// <summary>The collectors of a registry: its backend first, then the included ones.</summary>
/// <remarks>Safe for use by many threads.</remarks>
internal sealed class ScrapeCollectors(IMetricBackend backend)
{
    private readonly Lock _lock = new();
    private ValueList<IMetricCollector> _collectors = [backend];

    /// <summary>Whether the backend is the only collector.</summary>
    public bool HasOnlyBackend => Volatile.Read(ref _collectors).Count == 1;

    /// <summary>Adds a collector, unless it was added before.</summary>
    public void Include(IMetricCollector collector)
    {
        lock (_lock)
            _collectors = _collectors.Contains(collector) ? _collectors : [.. _collectors, collector];
    }

    /// <summary>Reads all series into a snapshot.</summary>
    /// <exception cref="InvalidOperationException">Two collectors have families of the same name.</exception>
    public async ValueTask<Snapshot> ScrapeAsync(CancellationToken cancellationToken)
    {
        var read = await CollectAsync(cancellationToken).ConfigureAwait(false);
        ScrapedNames.ThrowIfClash([], read);
        return new Snapshot(read is [var all] ? all : [.. read.SelectMany(families => families)]);
    }

    /// <summary>Writes all series, without a snapshot of those in the built-in backend.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="ready">Called when all is collected, before the first byte; null for nothing.</param>
    /// <param name="cancellationToken">Canceled when the result is no longer needed.</param>
    /// <exception cref="InvalidOperationException">Two collectors have families of the same name.</exception>
    public ValueTask WriteToAsync(
        IScrapeWriter writer, Func<ValueTask>? ready, CancellationToken cancellationToken)
    {
        if (backend is not CellBackend cells || !HasOnlyBackend || ready is not null)
            return WriteAllAsync(writer, ready, cancellationToken);
        foreach (var family in cells.Families)
            family.WriteTo(writer);
        writer.End();
        return default;
    }

    /// <summary>Collects the families of all collectors.</summary>
    public ValueTask<List<ValueList<FamilySnapshot>>> CollectAsync(CancellationToken cancellationToken) =>
        CollectAsync(Volatile.Read(ref _collectors), cancellationToken);

    private async ValueTask WriteAllAsync(
        IScrapeWriter writer, Func<ValueTask>? ready, CancellationToken cancellationToken)
    {
        var cells = backend as CellBackend;
        var others = Volatile.Read(ref _collectors).Skip(cells is null ? 0 : 1);
        var read = await CollectAsync(others, cancellationToken).ConfigureAwait(false);

        // The others are collected first, since they may be slow: the built-in series are read while they are written,
        // so they are as recent as the response. All names are checked before the first byte.
        var own = cells?.Families ?? [];
        ScrapedNames.ThrowIfClash(own, read);
        if (ready is not null)
            await ready().ConfigureAwait(false);
        foreach (var family in own)
            family.WriteTo(writer);
        foreach (var families in read)
            families.WriteTo(writer);
        writer.End();
    }

    private static async ValueTask<List<ValueList<FamilySnapshot>>> CollectAsync(
        IEnumerable<IMetricCollector> collectors, CancellationToken cancellationToken)
    {
        var read = new List<ValueList<FamilySnapshot>>();
        foreach (var collector in collectors)
        {
            read.Add(CollectorRules.Checked(
                collector,
                await collector.CollectAsync(cancellationToken).ConfigureAwait(false)));
        }
        return read;
    }
}
