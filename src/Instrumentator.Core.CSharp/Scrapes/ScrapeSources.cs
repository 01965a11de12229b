namespace Instrumentator;

/// <summary>What a scrape of a registry shows: its own cells or those of its backend, and the families of others behind
/// them.</summary>
/// <remarks>Safe for use by many threads.</remarks>
internal sealed class ScrapeSources(IMetricBackend backend)
{
    private readonly Lock _lock = new();
    private ValueList<IFamilySource> _sources = [backend];

    /// <summary>Whether nothing is included.</summary>
    public bool AreAlone => Volatile.Read(ref _sources).Count == 1;

    /// <summary>Includes a source, unless it is.</summary>
    public void Include(IFamilySource source)
    {
        lock (_lock)
            _sources = _sources.Contains(source) ? _sources : [.. _sources, source];
    }

    /// <summary>Reads all series into a snapshot.</summary>
    /// <exception cref="InvalidOperationException">Two sources have families of the same name.</exception>
    public async ValueTask<Snapshot> ScrapeAsync(CancellationToken cancellation)
    {
        var read = await ReadAsync(cancellation).ConfigureAwait(false);
        ScrapedNames.ThrowIfClash([], read);
        return new Snapshot(read is [var all] ? all : [.. read.SelectMany(families => families)]);
    }

    /// <summary>Writes all series. Of those in memory of our own no snapshot is made.</summary>
    /// <exception cref="InvalidOperationException">Two sources have families of the same name.</exception>
    public ValueTask WriteToAsync(IScrapeWriter writer, CancellationToken cancellation)
    {
        if (backend is not CellBackend cells || !AreAlone)
            return WriteAllAsync(writer, cancellation);
        foreach (var family in cells.Families)
            family.WriteTo(writer);
        writer.End();
        return default;
    }

    /// <summary>Reads the families of all sources.</summary>
    public ValueTask<List<ValueList<FamilySnapshot>>> ReadAsync(CancellationToken cancellation) =>
        ReadAsync(Volatile.Read(ref _sources), cancellation);

    private async ValueTask WriteAllAsync(IScrapeWriter writer, CancellationToken cancellation)
    {
        var cells = backend as CellBackend;
        var others = Volatile.Read(ref _sources).Skip(cells is null ? 0 : 1);
        var read = await ReadAsync(others, cancellation).ConfigureAwait(false);

        // Ours last, so that they are as new as the answer, and all names before the first series.
        var own = cells?.Families ?? [];
        ScrapedNames.ThrowIfClash(own, read);
        foreach (var family in own)
            family.WriteTo(writer);
        foreach (var families in read)
            families.WriteTo(writer);
        writer.End();
    }

    private static async ValueTask<List<ValueList<FamilySnapshot>>> ReadAsync(
        IEnumerable<IFamilySource> sources, CancellationToken cancellation)
    {
        var read = new List<ValueList<FamilySnapshot>>();
        foreach (var source in sources)
            read.Add(SourceRules.Checked(source, await source.ReadAsync(cancellation).ConfigureAwait(false)));
        return read;
    }
}
