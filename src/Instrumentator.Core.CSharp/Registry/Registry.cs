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
    private readonly List<Family> _families = [];
    private readonly Dictionary<string, Family> _byName = new(StringComparer.Ordinal);
    private readonly int _seriesLimit;

    /// <summary>A registry without families.</summary>
    /// <param name="seriesLimit">How many series a family has at the most; one more takes what is over the limit. 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1.</exception>
    public Registry(int seriesLimit = DefaultSeriesLimit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seriesLimit, 1);
        _seriesLimit = seriesLimit;
    }

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

    /// <summary>All cells as they are now.</summary>
    /// <remarks>It holds up new families and new series for a moment, and never an observation.</remarks>
    public Snapshot Scrape()
    {
        Family[] families;
        lock (_lock)
            families = [.. _families];
        return new Snapshot(ValueList.From(families.Select(family => family.Read())));
    }

    /// <summary>The family of a definition: the one that is there, or a new one.</summary>
    internal Family<TCell> Register<TCell>(FamilyDefinition definition)
        where TCell : Cell
    {
        InvalidConfigException.ThrowIfAny(definition.Faults());
        double[] bounds = [.. definition.Buckets];
        lock (_lock)
            return Known(definition) as Family<TCell> ?? Add(new Family<TCell>(definition, () => (TCell)NewCell(definition.Kind, bounds), _seriesLimit));
    }

    private static FamilyDefinition Define(MetricKind kind, string name, string help, string[] labelNames, ValueList<double>? buckets = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(help);
        ArgumentNullException.ThrowIfNull(labelNames);
        return new FamilyDefinition(name, help, kind, ValueList.From(labelNames), buckets ?? []);
    }

    private static Cell NewCell(MetricKind kind, double[] bounds) => kind switch
    {
        MetricKind.Counter => new Counter(),
        MetricKind.Gauge => new Gauge(),
        MetricKind.Histogram => new Histogram(bounds),
        _ => new Summary(),
    };

    private Family? Known(FamilyDefinition definition)
    {
        foreach (var name in definition.SampleNames)
        {
            if (_byName.TryGetValue(name, out var taken) && taken.Definition != definition)
            {
                throw new InvalidOperationException(
                    $"The name {name} is taken. Registered: {taken.Definition}. Now asked for: {definition}. Give one of them another name, or use another registry.");
            }
        }

        return _byName.GetValueOrDefault(definition.Name);
    }

    private Family<TCell> Add<TCell>(Family<TCell> family)
        where TCell : Cell
    {
        _families.Add(family);
        foreach (var name in family.Definition.SampleNames)
            _byName[name] = family;
        return family;
    }
}
