namespace Instrumentator;

/// <summary>Where families live: registered once, read by every scrape.</summary>
/// <remarks>
/// Safe for use by many threads. Registering the same definition again gives the same family; another definition under a name that is
/// taken is an error that shows both. Families come in the order in which they were registered.
/// </remarks>
/// <example><code>
/// var orders = Registry.Default.Counter("orders_total", "Orders taken.", "country");
/// orders.With("DE").Increment();
/// </code></example>
public sealed class Registry
{
    /// <summary>How many series a family has at the most, unless a registry says otherwise.</summary>
    public const int DefaultSeriesLimit = 10_000;

    private readonly Lock _lock = new();
    private readonly FamilyTable _families = new();
    private readonly Dictionary<string, int> _limits = new(StringComparer.Ordinal);
    private readonly IMetricBackend _backend;
    private readonly ScrapeCollectors _collectors;
    private readonly int _seriesLimit;
    private readonly Overflows? _overflows;

    /// <summary>A registry without families.</summary>
    /// <param name="seriesLimit">How many series a family has at the most, unless <see cref="LimitSeries"/> says otherwise; one more takes what is over the limit. 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1.</exception>
    public Registry(int seriesLimit = DefaultSeriesLimit) : this(new CellBackend(), seriesLimit)
    {
    }

    /// <summary>A registry whose numbers are kept elsewhere.</summary>
    /// <param name="backend">Keeps them. A scrape shows all that it has, whoever put it there.</param>
    /// <param name="seriesLimit">How many series a family has at the most, unless <see cref="LimitSeries"/> says otherwise; one more takes what is over the limit. 1 or more.</param>
    /// <exception cref="ArgumentNullException"><paramref name="backend"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1.</exception>
    public Registry(IMetricBackend backend, int seriesLimit = DefaultSeriesLimit)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentOutOfRangeException.ThrowIfLessThan(seriesLimit, 1);
        (_backend, _seriesLimit, _collectors) = (backend, seriesLimit, new ScrapeCollectors(backend));

        // It has a series for each family, so it needs no limit; and while it is made it is told to nobody, so that it can't count itself.
        _limits[Overflows.CounterName] = int.MaxValue;
        _overflows = new Overflows(this);
    }

    /// <summary>Whether names of metrics and labels may be any text, <c>http.server.requests</c> for one.</summary>
    /// <remarks>Readers that know such names get them; for others, each character that is none of the usual ones becomes <c>_</c>, or what they ask for: see <see cref="NameEscaping"/>. Two
    /// names that would then be one are refused.</remarks>
    /// <value>The default is false: letters, digits, <c>_</c> and, in names of metrics, <c>:</c>.</value>
    public bool AllowUtf8Names { get; init; }

    /// <summary>Whether a request may pass two recorders, such as a middleware and a handler within it. Both then track
    /// it, so that the inner one finds the outer.</summary>
    internal bool HasNestedRecorders { get; set; }

    /// <summary>The registry that everything uses unless it is given another one.</summary>
    public static Registry Default { get; } = new();

    /// <summary>A counter without labels.</summary>
    /// <param name="name">The name; <c>_total</c> is put behind it where it is missing.</param>
    /// <param name="help">What is counted, in a sentence.</param>
    /// <exception cref="InvalidConfigException">The name is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    public Counter Counter(string name, string help) => Counter(name, help, []).With([]);

    /// <summary>A family of counters.</summary>
    /// <param name="name">The name; <c>_total</c> is put behind it where it is missing.</param>
    /// <param name="help">What is counted, in a sentence.</param>
    /// <param name="labelNames">The names of the labels.</param>
    /// <exception cref="InvalidConfigException">A name is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    public Family<Counter> Counter(string name, string help, params string[] labelNames) =>
        Register<Counter>(Define(MetricKind.Counter, Names.OfCounter(name), help, labelNames));

    /// <summary>A gauge without labels.</summary>
    /// <param name="name">The name.</param>
    /// <param name="help">What is measured, in a sentence.</param>
    /// <exception cref="InvalidConfigException">The name is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    public Gauge Gauge(string name, string help) => Gauge(name, help, []).With([]);

    /// <summary>A family of gauges.</summary>
    /// <param name="name">The name.</param>
    /// <param name="help">What is measured, in a sentence.</param>
    /// <param name="labelNames">The names of the labels.</param>
    /// <exception cref="InvalidConfigException">A name is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    public Family<Gauge> Gauge(string name, string help, params string[] labelNames) =>
        Register<Gauge>(Define(MetricKind.Gauge, name, help, labelNames));

    /// <summary>A histogram without labels.</summary>
    /// <param name="name">The name; it should end in the unit, <c>_seconds</c> for one.</param>
    /// <param name="help">What is observed, in a sentence.</param>
    /// <param name="buckets">Upper bounds, finite and rising; <c>+Inf</c> is always there.</param>
    /// <exception cref="InvalidConfigException">The name or a bucket is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    public Histogram Histogram(string name, string help, ValueList<double> buckets) => Histogram(name, help, buckets, []).With([]);

    /// <summary>A family of histograms.</summary>
    /// <param name="name">The name; it should end in the unit, <c>_seconds</c> for one.</param>
    /// <param name="help">What is observed, in a sentence.</param>
    /// <param name="buckets">Upper bounds, finite and rising; <c>+Inf</c> is always there.</param>
    /// <param name="labelNames">The names of the labels.</param>
    /// <exception cref="InvalidConfigException">A name or a bucket is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    public Family<Histogram> Histogram(string name, string help, ValueList<double> buckets, params string[] labelNames) =>
        Register<Histogram>(Define(MetricKind.Histogram, name, help, labelNames, Buckets.WithoutInfinity(buckets)));

    /// <summary>A histogram with native buckets, without labels.</summary>
    /// <param name="name">The name; it should end in the unit, <c>_seconds</c> for one.</param>
    /// <param name="help">What is observed, in a sentence.</param>
    /// <param name="native">What its native buckets are to be.</param>
    /// <param name="buckets">Upper bounds of classic buckets, which text formats show; null for none but <c>+Inf</c>.</param>
    /// <exception cref="InvalidConfigException">The name or a bucket is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    /// <example><code>registry.Histogram("job_seconds", "Time a job took.", new NativeBuckets()).Observe(seconds);</code></example>
    public Histogram Histogram(string name, string help, NativeBuckets native, ValueList<double>? buckets = null) => Histogram(name, help, native, buckets, []).With([]);

    /// <summary>A family of histograms with native buckets.</summary>
    /// <param name="name">The name; it should end in the unit, <c>_seconds</c> for one.</param>
    /// <param name="help">What is observed, in a sentence.</param>
    /// <param name="native">What its native buckets are to be.</param>
    /// <param name="buckets">Upper bounds of classic buckets, which text formats show; null for none but <c>+Inf</c>.</param>
    /// <param name="labelNames">The names of the labels.</param>
    /// <exception cref="InvalidConfigException">A name or a bucket is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    public Family<Histogram> Histogram(string name, string help, NativeBuckets native, ValueList<double>? buckets, params string[] labelNames)
    {
        ArgumentNullException.ThrowIfNull(native);
        return Register<Histogram>(Define(MetricKind.Histogram, name, help, labelNames, Buckets.WithoutInfinity(buckets ?? [])) with { Native = native });
    }

    /// <summary>A summary without labels.</summary>
    /// <param name="name">The name; it should end in the unit, <c>_bytes</c> for one.</param>
    /// <param name="help">What is observed, in a sentence.</param>
    /// <exception cref="InvalidConfigException">The name is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    public Summary Summary(string name, string help) => Summary(name, help, []).With([]);

    /// <summary>A family of summaries.</summary>
    /// <param name="name">The name; it should end in the unit, <c>_bytes</c> for one.</param>
    /// <param name="help">What is observed, in a sentence.</param>
    /// <param name="labelNames">The names of the labels.</param>
    /// <exception cref="InvalidConfigException">A name is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name is taken by another definition.</exception>
    public Family<Summary> Summary(string name, string help, params string[] labelNames) =>
        Register<Summary>(Define(MetricKind.Summary, name, help, labelNames));

    /// <summary>Limits the series of one metric: of labels whose values nobody knows in advance, or whose limit is not that of the whole registry.</summary>
    /// <param name="metric">The full name as it is scraped, <c>http_requests_total</c> for one. The metric may be registered later.</param>
    /// <param name="limit">How many series it has at the most; one more, whose label values are all <c>_overflow</c>, takes what is over the limit. 1 or more.</param>
    /// <returns>This registry.</returns>
    /// <remarks>
    /// The last call for a name wins. Series that are there already stay when the limit falls below their number, and label values that come for the first time have a place again when it rises; those of routes that were folded stay so. What is folded into the one
    /// series more is counted in <c>instrumentator_series_dropped_total</c> by <c>metric</c>, which comes into scrapes with the first such look-up, and logged by an app once for each metric.
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
            throw new ArgumentException($"{metric} tells which metrics are full, so it has a series for each of them and no limit. Limit the other metrics.", nameof(metric));
        lock (_lock)
        {
            _limits[metric] = limit;
            if (_families.Find(metric) is { } family && family.Definition.Name == metric)
                family.Limit = limit;
        }
        return this;
    }

    /// <summary>Shows the families of someone else in the scrapes of this registry, behind its own.</summary>
    /// <param name="collector">The collector. Including it a second time has no effect.</param>
    /// <returns>This registry.</returns>
    /// <remarks>A name that is there twice then fails the scrape, with an error that shows both definitions. So does a family that no reader could take, with an error that names the collector's
    /// type, the family and the rule: see <see cref="IMetricCollector"/>.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="collector"/> is null.</exception>
    public Registry Include(IMetricCollector collector)
    {
        ArgumentNullException.ThrowIfNull(collector);
        _collectors.Include(collector);
        return this;
    }

    /// <summary>Returns all series with their present values as text, for people and for tests.</summary>
    /// <param name="format">The format; <see cref="ExpositionFormat.Prometheus"/> when left out.</param>
    /// <inheritdoc cref="Scrape"/>
    /// <example><code>Console.WriteLine(Registry.Default.ToText());</code></example>
    public string ToText(ExpositionFormat? format = null) => (format ?? ExpositionFormat.Prometheus).ToText(Scrape());

    /// <summary>All series as they are now. Blocks while something that is included takes its time; see <see cref="ScrapeAsync"/>.</summary>
    /// <inheritdoc cref="ScrapeAsync"/>
    public Snapshot Scrape()
    {
        var scrape = ScrapeAsync();
#pragma warning disable RS0030 // The caller asked to wait; memory of our own never makes it.
        return scrape.IsCompletedSuccessfully ? scrape.Result : scrape.AsTask().GetAwaiter().GetResult();
#pragma warning restore RS0030
    }

    /// <summary>All series as they are now.</summary>
    /// <param name="cancellation">Given up, when nobody waits for the answer any more.</param>
    /// <remarks>It holds up new families and new series for a moment, and never an observation. Memory of our own is read at once.</remarks>
    /// <exception cref="InvalidOperationException">Two that are included have families of the same name.</exception>
    public ValueTask<Snapshot> ScrapeAsync(CancellationToken cancellation = default) =>
        _collectors.ScrapeAsync(cancellation);

    /// <summary>Writes all series as they are now. Of those in memory of our own no snapshot is made.</summary>
    /// <inheritdoc cref="ScrapeAsync"/>
    internal ValueTask WriteToAsync(IScrapeWriter writer, CancellationToken cancellation) =>
        _collectors.WriteToAsync(writer, cancellation);

    /// <summary>How many series the families of this registry have, and how many look-ups found no place for one more: see <see cref="Family.Dropped"/>.</summary>
    internal (long Series, long Dropped) Count()
    {
        var (series, dropped) = (0L, 0L);
        lock (_lock)
        {
            foreach (var family in _families.All)
                (series, dropped) = (series + family.Count, dropped + family.Dropped);
        }
        return (series, dropped);
    }

    /// <summary>Reports when the app starts what a scrape would report later: that a name is there twice.</summary>
    /// <exception cref="InvalidOperationException">Two that are included have families of the same name.</exception>
    internal void CheckNames()
    {
        if (!_collectors.AreAlone)
            NameClashes.ThrowIfAny(_collectors, Find);
    }

    /// <summary>Reserves the names of families that something included will show, so that no family of ours can have
    /// them.</summary>
    /// <exception cref="InvalidOperationException">A family of ours has such a name.</exception>
    internal void Reserve(IEnumerable<FamilyDefinition> definitions)
    {
        lock (_lock)
            _families.Reserve(definitions);
    }

    /// <summary>Tells of families that are full, those that are so already included. Whoever watches is not kept alive.</summary>
    internal void Watch(IOverflowWatcher watcher) => _overflows!.Watch(watcher);

    /// <summary>The family of a definition: the one that is there, or a new one.</summary>
    internal Family<TCell> Register<TCell>(FamilyDefinition definition)
        where TCell : Cell
    {
        InvalidConfigException.ThrowIfAny(definition.Validate(AllowUtf8Names));
        lock (_lock)
        {
            var family = FindOrMake<TCell>(definition);

            // First, as a backend may refuse it.
            family.Open();
            _families.Add(family);
            return family;
        }
    }

    /// <summary>The same, but a new one comes into scrapes with its first series: its names are taken, and that is all.</summary>
    internal Family<TCell> RegisterLazily<TCell>(FamilyDefinition definition)
        where TCell : Cell
    {
        lock (_lock)
        {
            var family = FindOrMake<TCell>(definition);
            _families.Add(family);
            return family;
        }
    }

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

    private static FamilyDefinition Define(MetricKind kind, string name, string help, string[] labelNames, ValueList<double>? buckets = null)
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
            _limits.GetValueOrDefault(definition.Name, _seriesLimit),
            _backend is CellBackend,
            _overflows);
}
