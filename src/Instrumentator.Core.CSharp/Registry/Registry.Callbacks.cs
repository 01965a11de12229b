namespace Instrumentator;

public sealed partial class Registry
{
    private ScrapeCallbacks? _callbacks;
    private CallbackErrors? _callbackErrors;

    /// <summary>Registers a gauge whose value a callback returns at each scrape.</summary>
    /// <param name="name">The name.</param>
    /// <param name="help">A description in one sentence.</param>
    /// <param name="read">Returns the value: any number. A value at hand, such as the length of a queue.</param>
    /// <param name="labels">The labels of the series. A name can have several series, with the same label names and
    /// other values.</param>
    /// <returns>The registration. Disposing it removes the series, and the registry no longer keeps
    /// <paramref name="read"/> alive. Keep it unless the series lives as long as the app.</returns>
    /// <remarks>
    /// <para>The same name with the same labels again replaces the callback; disposing the earlier registration then
    /// has no effect.</para>
    /// <para>Callbacks run one at a time, on a thread of their own, and only while somebody scrapes. One that throws,
    /// or has not ended after 1 second (at most 2), is left out of the scrape, which is counted by
    /// <c>instrumentator_callback_errors_total</c> and logged; one that hangs is left out until it ends. One that
    /// is registered over the limit of series never runs, and counts once as an error.</para>
    /// </remarks>
    /// <exception cref="InvalidConfigException">A name is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    /// <example><code>
    /// registry.Gauge("queue_length", "Jobs that wait.", () => queue.Count, ("queue", "emails"));
    /// </code></example>
    public IDisposable Gauge(string name, string help, Func<double> read, params ValueList<Label> labels) =>
        Register(MetricKind.Gauge, name, help, read, labels);

    /// <summary>Registers a counter whose total a callback returns at each scrape.</summary>
    /// <param name="name">The name; <c>_total</c> is appended if it is missing.</param>
    /// <param name="help">A description in one sentence.</param>
    /// <param name="read">Returns the total: finite, 0 or more. When it falls, Prometheus takes that for a restart from
    /// 0.</param>
    /// <param name="labels">The labels of the series.</param>
    /// <inheritdoc cref="Gauge(string, string, Func{double}, ValueList{Label})"/>
    /// <example><code>
    /// registry.Counter("cache_hits_total", "Hits of the cache.", () => cache.GetCurrentStatistics()!.TotalHits);
    /// </code></example>
    public IDisposable Counter(string name, string help, Func<double> read, params ValueList<Label> labels) =>
        Register(MetricKind.Counter, Names.OfCounter(name), help, read, labels);

    /// <summary>Runs code before each scrape, for example to set several gauges from one reading.</summary>
    /// <param name="name">A name for the log and for <c>instrumentator_callback_errors_total</c>. Another hook with the
    /// same name is replaced.</param>
    /// <param name="hook">The code. Hooks run one at a time, in the order of their names' first registration, before
    /// callbacks and collectors.</param>
    /// <returns>The registration. Disposing it removes the hook.</returns>
    /// <remarks>The rules are those of <see cref="Gauge(string, string, Func{double}, ValueList{Label})"/>: a hook that
    /// throws or hangs is counted and logged, and the scrape goes on.</remarks>
    /// <exception cref="ArgumentException"><paramref name="name"/> is blank.</exception>
    /// <example><code>registry.BeforeScrape("queues", () => SetGauges(broker.Read()));</code></example>
    public IDisposable BeforeScrape(string name, Action hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return AddHook(name, _ =>
        {
            hook();
            return ValueTask.CompletedTask;
        });
    }

    /// <inheritdoc cref="BeforeScrape(string, Action)"/>
    public IDisposable BeforeScrape(string name, Func<Task> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return AddHook(name, _ => new ValueTask(hook()));
    }

    /// <inheritdoc cref="BeforeScrape(string, Action)"/>
    /// <param name="name">A name for the log and for <c>instrumentator_callback_errors_total</c>. Another hook with the
    /// same name is replaced.</param>
    /// <param name="hook">The code. Its token is canceled when the scrape no longer waits for it.</param>
    /// <example><code>
    /// registry.BeforeScrape("queues", async stop => SetGauges(await broker.ReadAsync(stop)));
    /// </code></example>
    public IDisposable BeforeScrape(string name, Func<CancellationToken, Task> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return AddHook(name, token => new ValueTask(hook(token)));
    }

    /// <summary>The errors of the app's callbacks, and of the callbacks of included instruments.</summary>
    internal CallbackErrors CallbackErrors
    {
        get
        {
            lock (_lock)
            {
                return _callbackErrors ??= new CallbackErrors(
                    CallbackErrors.Counter(this),
                    error => RegistryWatchers.Tell(_watchers.Alive(), watcher => watcher.OnCallbackError(error)));
            }
        }
    }

    private ScrapeCallbacks Callbacks
    {
        get
        {
            lock (_lock)
                return _callbacks ??= _collectors.Callbacks = new ScrapeCallbacks(CallbackErrors);
        }
    }

    private Registration AddHook(string name, Func<CancellationToken, ValueTask> hook)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new(Callbacks.Add(name, hook));
    }

    private Registration Register(
        MetricKind kind, string name, string help, Func<double> read, ValueList<Label> labels)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(labels);
        var asked = Define(kind, name, help, [.. labels.Select(label => label.Name)]);
        var definition = InFull(asked);
        lock (_lock)
        {
            ThrowIfInvalid(asked);
            var callbacks = Callbacks;
            _families.Reserve([definition]);
            var values = LabelValues.Clean([.. labels.Select(label => label.Value)]);
            var remove = callbacks.Add(
                definition,
                new LabelSet(definition.LabelNames, [.. values, .. _static.Values]),
                read,
                LimitOf(definition.Name));
            return new(() => Remove(definition, remove));
        }
    }

    private void Remove(FamilyDefinition definition, Func<bool> remove)
    {
        lock (_lock)
        {
            if (remove())
                _families.Release(definition);
        }
    }

    private sealed class Registration(Action remove) : IDisposable
    {
        private Action? _remove = remove;

        // Forgets the callback, so that a kept registration keeps nothing alive.
        public void Dispose() => Interlocked.Exchange(ref _remove, null)?.Invoke();
    }
}
