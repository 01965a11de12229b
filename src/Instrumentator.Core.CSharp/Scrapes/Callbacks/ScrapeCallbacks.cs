namespace Instrumentator;

/// <summary>The callbacks of a registry: hooks, which run first, and those that return the values of metrics.</summary>
/// <remarks>Safe for use by many threads.</remarks>
#pragma warning disable CA1001 // A semaphore without a wait handle has nothing to dispose of.
internal sealed class ScrapeCallbacks(CallbackErrors errors)
#pragma warning restore CA1001
{
    /// <summary>How long a scrape waits for one callback.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, ScrapeCallback> _hooks = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, CallbackFamily> _families = new(StringComparer.Ordinal);

    // One scrape at a time runs the callbacks, so that a callback needs no lock of its own.
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>Whether there is nothing to run.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _hooks.Count + _families.Count == 0;
        }
    }

    /// <summary>The number of series.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _families.Values.Sum(family => family.Count);
        }
    }

    /// <summary>Adds a hook, or replaces the one with the same name.</summary>
    /// <returns>Removes the hook.</returns>
    public Action Add(string name, Func<CancellationToken, ValueTask> hook)
    {
        var callback = new ScrapeCallback(name, hook, errors);
        lock (_lock)
            _hooks[name] = callback;
        return () =>
        {
            lock (_lock)
            {
                if (_hooks.TryGetValue(name, out var current) && ReferenceEquals(current, callback))
                    _hooks.Remove(name);
            }
        };
    }

    /// <summary>Adds a series, or replaces the callback of the one with the same labels.</summary>
    /// <param name="definition">The family.</param>
    /// <param name="labels">The labels of the series.</param>
    /// <param name="read">Returns the value.</param>
    /// <param name="limit">The maximum number of series of the family. Over it, nothing is added, which counts as an
    /// error.</param>
    /// <returns>Removes the series, and returns whether it was the last one of its family.</returns>
    public Func<bool> Add(FamilyDefinition definition, LabelSet labels, Func<double> read, int limit)
    {
        var series = new CallbackSeries(definition, labels, read, errors);
        lock (_lock)
        {
            if (!_families.TryGetValue(definition.Name, out var family))
                _families[definition.Name] = family = new CallbackFamily(definition);
            if (family.Count < limit || family.Contains(labels))
            {
                family.Set(series);
                return () => Remove(family, series);
            }
        }
        errors.Add(definition.Name, FormattableString.Invariant(
            $"was not added for {labels}: the metric has reached its limit of {limit} series. ")
            + "Dispose of registrations that are no longer needed, or raise the limit with Registry.LimitSeries.");
        return () => false;
    }

    /// <summary>Runs all callbacks, and returns the families with their values. Never throws, except when it is
    /// canceled.</summary>
    public async ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken)
    {
        if (IsEmpty)
            return [];
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var (hooks, families) = Current();
            var all = families.SelectMany(family => family.Series).ToArray();
            Array.ForEach(all, series => series.Reset());
            await CallbackRun.RunAsync([.. hooks, .. all.Select(series => series.Callback)]).ConfigureAwait(false);
            return ValueList.From(families.Select(family => new FamilySnapshot(
                family.Definition,
                ValueList.From(family.Series.Select(series => series.ToSample()).OfType<Sample>()))));
        }
        finally
        {
            _gate.Release();
        }
    }

    private (ScrapeCallback[] Hooks, (FamilyDefinition Definition, IReadOnlyList<CallbackSeries> Series)[] Families)
        Current()
    {
        lock (_lock)
        {
            return (
                [.. _hooks.Values],
                [.. _families.Values.Select(family => (family.Definition, family.Series))]);
        }
    }

    private bool Remove(CallbackFamily family, CallbackSeries series)
    {
        lock (_lock)
        {
            return family.Remove(series) && family.Count == 0 && _families.Remove(family.Definition.Name);
        }
    }
}
