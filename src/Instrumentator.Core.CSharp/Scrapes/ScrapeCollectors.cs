namespace Instrumentator;

/// <summary>The collectors of a registry: its backend first, then the included ones.</summary>
/// <remarks>Safe for use by many threads.</remarks>
internal sealed class ScrapeCollectors(IMetricBackend backend)
{
    private readonly Lock _lock = new();
    private ValueList<IMetricCollector> _collectors = [backend];

    /// <summary>The labels of all series. The cells of the built-in backend have them already.</summary>
    public StaticLabels StaticLabels { get; set; } = new([]);

    /// <summary>The callbacks of the registry; null before the first one.</summary>
    public ScrapeCallbacks? Callbacks { get; set; }

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
        var read = await CollectWithCallbacksAsync(Volatile.Read(ref _collectors), false, cancellationToken)
            .ConfigureAwait(false);
        ScrapedNames.ThrowIfClash([], read);
        return new Snapshot(read is [var all] ? all : [.. read.SelectMany(families => families)]);
    }

    /// <summary>Writes all series, without a snapshot of those in the built-in backend.</summary>
    /// <exception cref="InvalidOperationException">Two collectors have families of the same name.</exception>
    public async ValueTask WriteToAsync(IScrapeWriter writer, CancellationToken cancellationToken)
    {
        var read = HasOnlyCells ? [] : await CollectUnlessCellsAsync(false, cancellationToken).ConfigureAwait(false);
        WriteTo(writer, read);
    }

    /// <summary>Does the same for the metrics endpoint, with each collector on a thread of its own.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="ready">Called when all is collected, before the first byte.</param>
    /// <param name="cancellationToken">Canceled when the result is no longer needed.</param>
    /// <exception cref="InvalidOperationException">Two collectors have families of the same name.</exception>
    public async ValueTask WriteToAsync(
        IScrapeWriter writer, Func<ValueTask> ready, CancellationToken cancellationToken)
    {
        var read = HasOnlyCells ? [] : await CollectUnlessCellsAsync(true, cancellationToken).ConfigureAwait(false);
        await ready().ConfigureAwait(false);
        WriteTo(writer, read);
    }

    /// <summary>Collects the families of all collectors.</summary>
    /// <param name="onOwnThreads">Whether each collector runs on a thread of its own, not on the caller's.</param>
    /// <param name="cancellationToken">Canceled when the families are no longer needed.</param>
    public ValueTask<List<ValueList<FamilySnapshot>>> CollectAsync(
        bool onOwnThreads, CancellationToken cancellationToken) =>
        CollectAsync(Volatile.Read(ref _collectors), onOwnThreads, cancellationToken);

    /// <summary>Whether the built-in backend is the only collector, and there are no callbacks.</summary>
    public bool HasOnlyCells => backend is CellBackend && HasOnlyBackend && (Callbacks?.IsEmpty ?? true);

    /// <summary>Whether a collector is included.</summary>
    public bool Contains(IMetricCollector collector) => Volatile.Read(ref _collectors).Contains(collector);

    /// <summary>Writes the series of the backend alone: neither callbacks nor other collectors run.</summary>
    public async ValueTask WriteBackendToAsync(IScrapeWriter writer, CancellationToken cancellationToken)
    {
        if (backend is CellBackend cells)
        {
            foreach (var family in cells.Families)
                family.WriteTo(writer);
        }
        else
        {
            (await backend.CollectAsync(cancellationToken).ConfigureAwait(false)).WriteTo(writer);
        }
        writer.End();
    }

    /// <summary>Runs the callbacks and all collectors but the backend.</summary>
    public ValueTask<List<ValueList<FamilySnapshot>>> CollectOthersAsync(
        bool onOwnThreads, CancellationToken cancellationToken) =>
        CollectWithCallbacksAsync(
            ValueList.From(Volatile.Read(ref _collectors).Skip(1)), onOwnThreads, cancellationToken);

    // Built-in series are not collected, but read while they are written.
    private ValueTask<List<ValueList<FamilySnapshot>>> CollectUnlessCellsAsync(
        bool onOwnThreads, CancellationToken cancellationToken) => backend is CellBackend
        ? CollectOthersAsync(onOwnThreads, cancellationToken)
        : CollectWithCallbacksAsync(Volatile.Read(ref _collectors), onOwnThreads, cancellationToken);

    // Hooks run before anything is read. The families of callbacks follow those of the backend.
    private async ValueTask<List<ValueList<FamilySnapshot>>> CollectWithCallbacksAsync(
        ValueList<IMetricCollector> collectors, bool onOwnThreads, CancellationToken cancellationToken)
    {
        var called = Callbacks is { } callbacks
            ? await callbacks.CollectAsync(cancellationToken).ConfigureAwait(false)
            : [];
        var read = await CollectAsync(collectors, onOwnThreads, cancellationToken).ConfigureAwait(false);
        if (called.Count > 0)
            read.Insert(collectors.Contains(backend) ? 1 : 0, called);
        return read;
    }

    // The others are collected first, since they may be slow: the built-in series are read while they are written, so
    // they are as recent as the response. All names are checked before the first byte.
    private void WriteTo(IScrapeWriter writer, List<ValueList<FamilySnapshot>> read)
    {
        var own = (backend as CellBackend)?.Families ?? [];
        ScrapedNames.ThrowIfClash(own, read);
        foreach (var family in own)
            family.WriteTo(writer);
        foreach (var families in read)
            families.WriteTo(writer);
        writer.End();
    }

    private async ValueTask<List<ValueList<FamilySnapshot>>> CollectAsync(
        IEnumerable<IMetricCollector> collectors, bool onOwnThreads, CancellationToken cancellationToken)
    {
        var read = new List<ValueList<FamilySnapshot>>();
        foreach (var collector in collectors)
        {
            var families = onOwnThreads ? CollectOnOwnThreadAsync(collector, cancellationToken)
                : collector.CollectAsync(cancellationToken);
            var valid = CollectorRules.Checked(collector, await families.ConfigureAwait(false));
            read.Add(collector is CellBackend ? valid : StaticLabels.AddTo(valid));
        }
        return read;
    }

    // A collector may block its thread, before or after an await.
    private static ValueTask<ValueList<FamilySnapshot>> CollectOnOwnThreadAsync(
        IMetricCollector collector, CancellationToken cancellationToken) =>
        new(Task.Factory
            .StartNew(
                () => collector.CollectAsync(cancellationToken).AsTask(),
                CancellationToken.None,
                TaskCreationOptions.DenyChildAttach,
                OwnThreadScheduler.Instance)
            .Unwrap());
}
