namespace Instrumentator;

/// <summary>A set of metric families, registered once and read by every scrape.</summary>
/// <remarks>
/// Safe for use by many threads. Registering the same definition again returns the same family; another definition
/// under a name that is taken is an error that shows both. Families are in the order of their registration.
/// </remarks>
/// <example><code>
/// var orders = Registry.Default.Counter("orders_total", "Orders taken.", "country");
/// orders.With("DE").Increment();
/// </code></example>
public sealed partial class Registry
{
    /// <summary>The default for the maximum number of series of a family.</summary>
    public const int DefaultSeriesLimit = 10_000;

    // The metrics about the library itself.
    internal const string OwnPrefix = "instrumentator_";

    private readonly Lock _lock = new();
    private readonly FamilyTable _families = new();
    private readonly RegistryWatchers _watchers = new();
    private readonly Dictionary<string, int> _limits = new(StringComparer.Ordinal);
    private readonly IMetricBackend _backend;
    private readonly ScrapeCollectors _collectors;
    private readonly int _seriesLimit;
    private readonly Overflows _overflows;
    private readonly StaticLabels _static = new([]);
    private bool _isPrepared;

    /// <summary>Initializes a registry without families.</summary>
    /// <param name="seriesLimit">The maximum number of series of a family, 1 or more, unless <see cref="LimitSeries"/>
    /// sets another. One additional series takes everything over the limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1.</exception>
    public Registry(int seriesLimit = DefaultSeriesLimit) : this(new CellBackend(), seriesLimit)
    {
    }

    /// <summary>Initializes a registry with another backend.</summary>
    /// <param name="backend">The storage of the values. A scrape shows all its metrics, including those that other code
    /// added.</param>
    /// <param name="seriesLimit">The maximum number of series of a family, 1 or more, unless <see cref="LimitSeries"/>
    /// sets another. One additional series takes everything over the limit.</param>
    /// <exception cref="ArgumentNullException"><paramref name="backend"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1.</exception>
    public Registry(IMetricBackend backend, int seriesLimit = DefaultSeriesLimit)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentOutOfRangeException.ThrowIfLessThan(seriesLimit, 1);
        (_backend, _seriesLimit, _collectors) = (backend, seriesLimit, new ScrapeCollectors(backend));
        _overflows = new Overflows(this, _watchers);

        // The counter has a series for each family, so it needs no limit.
        _limits[Overflows.CounterName] = int.MaxValue;
    }

    /// <summary>Whether metric and label names may contain any text, as in <c>http.server.requests</c>.</summary>
    /// <remarks>Readers that support such names receive them. For others, each character that the default does not
    /// allow becomes <c>_</c>, unless they request another scheme: see <see cref="NameEscaping"/>. Two names that are
    /// equal after escaping are rejected.</remarks>
    /// <value>The default is false: letters, digits, <c>_</c> and, in metric names, <c>:</c>.</value>
    public bool AllowUtf8Names { get; init; }

    /// <summary>The first part of the names of all families, followed by <c>_</c>.</summary>
    /// <remarks>Except those of included collectors, such as <c>process_cpu_seconds_total</c>, and of the metrics about
    /// the library itself, <c>instrumentator_…</c>: dashboards and alerts expect their names. A namespace in the
    /// options of a metric follows that of the registry.</remarks>
    /// <value>The default is null: no namespace.</value>
    /// <example><code>new Registry { Namespace = "shop", StaticLabels = [("service", "orders")] }</code></example>
    public string? Namespace { get; init; }

    /// <summary>The labels with constant values on all series of this registry and of its collectors.</summary>
    /// <remarks>A family with a label of the same name is an error; a collector's series with such a label keeps its
    /// own value. Prefer labels that the scraper adds to all series of an app; use static labels for what only the app
    /// knows, such as its version.</remarks>
    /// <value>The default is none.</value>
    public ValueList<Label> StaticLabels
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            (field, _static) = (value, new(value));
            _collectors.StaticLabels = _static;
        }
    } = [];

    /// <summary>Whether a request may pass two recorders, such as a middleware and a handler within it. Both then track
    /// it, so that the inner one detects a request that is recorded already.</summary>
    internal bool HasNestedRecorders { get; set; }

    /// <summary>Whether a scrape has no family to show.</summary>
    internal bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _families.All.All(family => !family.IsOpen) && _collectors.HasOnlyCells;
        }
    }

    /// <summary>Gets the registry that everything uses by default.</summary>
    public static Registry Default { get; } = new();

    /// <summary>Registers a counter without labels.</summary>
    /// <param name="name">The name; <c>_total</c> is appended if it is missing.</param>
    /// <param name="help">A description in one sentence.</param>
    /// <exception cref="InvalidConfigException">The name is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    public Counter Counter(string name, string help) => Counter(name, help, []).With([]);

    /// <summary>Registers a family of counters.</summary>
    /// <param name="name">The name; <c>_total</c> is appended if it is missing.</param>
    /// <param name="help">A description in one sentence.</param>
    /// <param name="labelNames">The names of the labels.</param>
    /// <exception cref="InvalidConfigException">A name is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    public Family<Counter> Counter(string name, string help, params string[] labelNames) =>
        RegisterOwn<Counter>(Define(MetricKind.Counter, Names.OfCounter(name), help, labelNames));

    /// <summary>Registers a gauge without labels.</summary>
    /// <param name="name">The name.</param>
    /// <param name="help">A description in one sentence.</param>
    /// <exception cref="InvalidConfigException">The name is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    public Gauge Gauge(string name, string help) => Gauge(name, help, []).With([]);

    /// <summary>Registers a family of gauges.</summary>
    /// <param name="name">The name.</param>
    /// <param name="help">A description in one sentence.</param>
    /// <param name="labelNames">The names of the labels.</param>
    /// <exception cref="InvalidConfigException">A name is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    public Family<Gauge> Gauge(string name, string help, params string[] labelNames) =>
        RegisterOwn<Gauge>(Define(MetricKind.Gauge, name, help, labelNames));

    /// <summary>Registers a histogram without labels.</summary>
    /// <param name="name">The name, which should end in the unit, such as <c>_seconds</c>.</param>
    /// <param name="help">A description in one sentence.</param>
    /// <param name="buckets">Upper bounds, finite and ascending; <c>+Inf</c> is implicit.</param>
    /// <exception cref="InvalidConfigException">The name or a bucket is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    public Histogram Histogram(string name, string help, ValueList<double> buckets) =>
        Histogram(name, help, buckets, []).With([]);

    /// <summary>Registers a family of histograms.</summary>
    /// <param name="name">The name, which should end in the unit, such as <c>_seconds</c>.</param>
    /// <param name="help">A description in one sentence.</param>
    /// <param name="buckets">Upper bounds, finite and ascending; <c>+Inf</c> is implicit.</param>
    /// <param name="labelNames">The names of the labels.</param>
    /// <exception cref="InvalidConfigException">A name or a bucket is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    public Family<Histogram> Histogram(
        string name,
        string help,
        ValueList<double> buckets,
        params string[] labelNames) =>
        Histogram(name, help, new HistogramOptions { Buckets = buckets }, labelNames);

    /// <summary>Registers a histogram without labels.</summary>
    /// <param name="name">The name, which should end in the unit, such as <c>_seconds</c>.</param>
    /// <param name="help">A description in one sentence.</param>
    /// <param name="options">Classic and native buckets.</param>
    /// <exception cref="InvalidConfigException">The name or an option is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    /// <example><code>
    /// registry.Histogram("job_seconds", "Time a job took.", new HistogramOptions { Native = new() }).Observe(seconds);
    /// </code></example>
    public Histogram Histogram(string name, string help, HistogramOptions options) =>
        Histogram(name, help, options, []).With([]);

    /// <summary>Registers a family of histograms.</summary>
    /// <param name="name">The name, which should end in the unit, such as <c>_seconds</c>.</param>
    /// <param name="help">A description in one sentence.</param>
    /// <param name="options">Classic and native buckets.</param>
    /// <param name="labelNames">The names of the labels.</param>
    /// <exception cref="InvalidConfigException">A name or an option is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    public Family<Histogram> Histogram(
        string name,
        string help,
        HistogramOptions options,
        params string[] labelNames)
    {
        ArgumentNullException.ThrowIfNull(options);
        var bounds = Buckets.WithoutInfinity(options.Buckets);
        var definition = Define(MetricKind.Histogram, name, help, labelNames, bounds);
        return RegisterOwn<Histogram>(definition with { Native = options.Native });
    }

    /// <summary>Registers a summary without labels.</summary>
    /// <param name="name">The name, which should end in the unit, such as <c>_bytes</c>.</param>
    /// <param name="help">A description in one sentence.</param>
    /// <exception cref="InvalidConfigException">The name is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    public Summary Summary(string name, string help) => Summary(name, help, []).With([]);

    /// <summary>Registers a family of summaries.</summary>
    /// <param name="name">The name, which should end in the unit, such as <c>_bytes</c>.</param>
    /// <param name="help">A description in one sentence.</param>
    /// <param name="labelNames">The names of the labels.</param>
    /// <exception cref="InvalidConfigException">A name is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    public Family<Summary> Summary(string name, string help, params string[] labelNames) =>
        RegisterOwn<Summary>(Define(MetricKind.Summary, name, help, labelNames));

    /// <summary>Limits the series of one metric, for label values that are unknown in advance or a limit that differs
    /// from that of the registry.</summary>
    /// <param name="metric">The full name in scrapes, such as <c>http_requests_total</c>. The metric may be registered
    /// later.</param>
    /// <param name="limit">The maximum number of series, 1 or more. One additional series, whose label values are all
    /// <c>_overflow</c>, takes everything over the limit.</param>
    /// <returns>This registry.</returns>
    /// <remarks>
    /// The last call for a name wins. Existing series stay when the limit falls below their number. When it rises, new
    /// label values get series again; those of routes that were folded into the additional series stay folded. The
    /// counter <c>instrumentator_series_dropped_total</c> counts lookups over the limit by <c>metric</c>; scrapes
    /// contain it from the first such lookup. An app logs the first one for each metric.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="metric"/> is null.</exception>
    /// <exception cref="ArgumentException">The metric is <c>instrumentator_series_dropped_total</c> itself.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1.</exception>
    /// <example><code>Registry.Default.LimitSeries("http_requests_total", 2_000);</code></example>
    public Registry LimitSeries(string metric, int limit)
    {
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        if (metric == Overflows.CounterName)
        {
            throw new ArgumentException(
                $"{metric} has a series for each metric at its limit, so it has no limit itself. "
                + "Limit the other metrics.",
                nameof(metric));
        }
        lock (_lock)
        {
            _limits[metric] = limit;
            if (_families.Find(metric) is { } family && family.Definition.Name == metric)
                family.Limit = limit;
        }
        return this;
    }

    /// <summary>Adds the families of a collector to the scrapes of this registry, after its own.</summary>
    /// <param name="collector">The collector. Including it a second time has no effect.</param>
    /// <returns>This registry.</returns>
    /// <remarks>A duplicate name then fails the scrape, with an error that shows both definitions. So does an invalid
    /// family, with an error that names the collector's type, the family and the rule: see
    /// <see cref="IMetricCollector"/>.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="collector"/> is null.</exception>
    /// <exception cref="InvalidConfigException">The <see cref="Namespace"/> or <see cref="StaticLabels"/> are
    /// invalid.</exception>
    public Registry Include(IMetricCollector collector)
    {
        ArgumentNullException.ThrowIfNull(collector);
        lock (_lock)
            Prepare();
        _collectors.Include(collector);
        return this;
    }

    /// <summary>Returns all series with their present values as text, for people and for tests.</summary>
    /// <param name="format">The format; <see cref="ExpositionFormat.Prometheus"/> by default.</param>
    /// <inheritdoc cref="Scrape"/>
    /// <example><code>Console.WriteLine(Registry.Default.ToText());</code></example>
    public string ToText(ExpositionFormat? format = null) => (format ?? ExpositionFormat.Prometheus).ToText(Scrape());

    /// <summary>Returns the current values of all series. Blocks while included collectors run; see
    /// <see cref="ScrapeAsync"/>.</summary>
    /// <inheritdoc cref="ScrapeAsync"/>
    public Snapshot Scrape()
    {
        var scrape = ScrapeAsync();
#pragma warning disable RS0030 // The caller chose to block; the built-in backend never blocks.
        return scrape.IsCompletedSuccessfully ? scrape.Result : scrape.AsTask().GetAwaiter().GetResult();
#pragma warning restore RS0030
    }

    /// <summary>Returns the current values of all series.</summary>
    /// <param name="cancellationToken">Canceled when the response is no longer needed.</param>
    /// <remarks>A scrape delays new families and series briefly, but never an observation. The built-in backend is read
    /// synchronously.</remarks>
    /// <exception cref="InvalidOperationException">Two collectors have families of the same name.</exception>
    public ValueTask<Snapshot> ScrapeAsync(CancellationToken cancellationToken = default) =>
        _collectors.ScrapeAsync(cancellationToken);

    /// <summary>Writes the current values of all series, without a snapshot of those in the built-in backend.</summary>
    /// <inheritdoc cref="ScrapeAsync"/>
    internal ValueTask WriteToAsync(IScrapeWriter writer, CancellationToken cancellationToken) =>
        _collectors.WriteToAsync(writer, cancellationToken);

    /// <summary>Does the same for the metrics endpoint, with each included collector on a thread of its own.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="ready">Called when all is collected, before the first byte.</param>
    /// <param name="cancellationToken">Canceled when the result is no longer needed.</param>
    internal ValueTask WriteToAsync(
        IScrapeWriter writer, Func<ValueTask> ready, CancellationToken cancellationToken) =>
        _collectors.WriteToAsync(writer, ready, cancellationToken);

    /// <summary>Writes the families that are registered here and their series. Neither callbacks nor collectors
    /// run.</summary>
    internal ValueTask WriteOwnToAsync(IScrapeWriter writer, CancellationToken cancellationToken) =>
        _collectors.WriteBackendToAsync(writer, cancellationToken);

    /// <summary>Runs the callbacks and collectors, on threads of their own, and returns their families.</summary>
    internal ValueTask<List<ValueList<FamilySnapshot>>> CollectOthersAsync(CancellationToken cancellationToken) =>
        _collectors.CollectOthersAsync(onOwnThreads: true, cancellationToken);

    /// <summary>Whether the series are in the built-in backend, which is read without being rendered.</summary>
    internal bool IsBuiltIn => _backend is CellBackend;

    /// <summary>Whether a collector is included.</summary>
    internal bool Includes(IMetricCollector collector) => _collectors.Contains(collector);

    /// <summary>Whether a family is one of this registry, and not of another one with the same name.</summary>
    internal bool Contains(Family family) => ReferenceEquals(Find(family.Definition.Name), family);

    /// <summary>Returns the number of series in this registry.</summary>
    internal long CountSeries()
    {
        lock (_lock)
            return _families.All.Sum(family => (long)family.Count) + (_callbacks?.Count ?? 0);
    }

    /// <summary>Reports duplicate names at startup, which a scrape would report later.</summary>
    /// <exception cref="InvalidOperationException">Two collectors have families of the same name.</exception>
    internal void CheckNames()
    {
        if (!_collectors.HasOnlyBackend)
            NameClashes.ThrowIfAny(_collectors, Find);
    }

    /// <summary>Reserves the names of families that a collector will show, so that no family of this registry takes
    /// them.</summary>
    /// <exception cref="InvalidOperationException">A family of this registry has one of these names.</exception>
    internal void Reserve(IEnumerable<FamilyDefinition> definitions)
    {
        lock (_lock)
            _families.Reserve(definitions);
    }

    /// <summary>Reports full families and errors of callbacks to a watcher, including families that are full already.
    /// The watcher is not kept alive.</summary>
    internal void Watch(IRegistryWatcher watcher) => _overflows.Watch(watcher);

    /// <summary>Returns all errors of the registry's own options, each with a way to correct it.</summary>
    internal ValueList<string> Validate() => ValueList.From(
        _static.Validate().Concat(Names.ErrorsOfPrefix(Namespace, null, "the registry", AllowUtf8Names)));

    /// <summary>Returns the maximum number of series of a metric.</summary>
    internal int LimitOf(string metric)
    {
        lock (_lock)
            return _limits.GetValueOrDefault(metric, _seriesLimit);
    }

    /// <summary>Counts lookups over the limit of an included metric, and reports the first ones to watchers.</summary>
    internal void ReportDropped(string metric, long lookups) =>
        _overflows.Report(metric, LimitOf(metric), lookups);

    /// <summary>Returns the family of a definition of any kind: the existing one, or a new one.</summary>
    internal Family Register(FamilyDefinition definition) => definition.Kind switch
    {
        MetricKind.Counter => Register<Counter>(definition),
        MetricKind.Gauge => Register<Gauge>(definition),
        MetricKind.Histogram => Register<Histogram>(definition),
        _ => Register<Summary>(definition),
    };

    /// <summary>Returns the existing family of either definition, or a new one of the first.</summary>
    internal Family Register(FamilyDefinition definition, FamilyDefinition orExisting)
    {
        lock (_lock)
        {
            var existing = _families.Find(InFull(definition).SampleNames.First())?.Definition;
            return Register(existing == InFull(orExisting) ? orExisting : definition);
        }
    }

    /// <summary>Returns the family of a definition: the existing one, or a new one. Its series stay for ever, because
    /// the library keeps their cells.</summary>
    internal Family<TCell> Register<TCell>(FamilyDefinition definition)
        where TCell : Cell
    {
        var family = RegisterOwn<TCell>(definition);
        family.IsBuiltIn = true;
        return family;
    }

    /// <summary>Does the same, but only reserves the names of a new family until its first series.</summary>
    internal Family<TCell> RegisterLazily<TCell>(FamilyDefinition definition)
        where TCell : Cell
    {
        lock (_lock)
        {
            var family = FindOrMakeValid<TCell>(definition);
            family.IsBuiltIn = true;
            _families.Add(family);
            return family;
        }
    }

    private Family<TCell> RegisterOwn<TCell>(FamilyDefinition definition)
        where TCell : Cell
    {
        lock (_lock)
        {
            var family = FindOrMakeValid<TCell>(definition);

            // Opens it first, because a backend may reject it.
            family.Open();
            _families.Add(family);
            return family;
        }
    }

    private Family<TCell> FindOrMakeValid<TCell>(FamilyDefinition definition)
        where TCell : Cell
    {
        ThrowIfInvalid(definition);
        return FindOrMake<TCell>(InFull(definition));
    }

    private void ThrowIfInvalid(FamilyDefinition definition)
    {
        Prepare();
        InvalidConfigException.ThrowIfAny(_static.Validate(definition));
        InvalidConfigException.ThrowIfAny(InFull(definition).Validate(AllowUtf8Names));
    }

    // At the first registration, when the options are set.
    private void Prepare()
    {
        if (_isPrepared)
            return;
        InvalidConfigException.ThrowIfAny(Validate());
        _isPrepared = true;
        try
        {
            // Comes back here.
            _overflows.Register();
        }
        catch
        {
            _isPrepared = false;
            throw;
        }
    }

    private FamilyDefinition InFull(FamilyDefinition definition) => _static.AddTo(
        definition.Name.StartsWith(OwnPrefix, StringComparison.Ordinal)
            ? definition
            : definition with { Name = Names.Join(Namespace, null, definition.Name) });

    private Family? Find(string name)
    {
        lock (_lock)
            return _families.Find(name);
    }

    private Delegate CellsOf(FamilyDefinition definition) => definition.Kind switch
    {
        MetricKind.Counter => _backend.CreateCounter(definition),
        MetricKind.Gauge => _backend.CreateGauge(definition),
        MetricKind.Histogram => _backend.CreateHistogram(definition),
        _ => _backend.CreateSummary(definition),
    };

    private static FamilyDefinition Define(
        MetricKind kind,
        string name,
        string help,
        string[] labelNames,
        ValueList<double>? buckets = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(help);
        ArgumentNullException.ThrowIfNull(labelNames);
        return new FamilyDefinition(name, help, kind, ValueList.From(labelNames), buckets ?? []);
    }

    private Family<TCell> FindOrMake<TCell>(FamilyDefinition definition)
        where TCell : Cell =>
        _families.Find(definition) as Family<TCell> ?? new Family<TCell>(
            definition,
            () => (Func<IReadOnlyList<string>, TCell>)CellsOf(definition),
            LimitOf(definition.Name),
            _backend is CellBackend,
            _static.Values,
            _overflows);
}
