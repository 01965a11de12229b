namespace Instrumentator;

/// <summary>An immutable description of what is measured, how, and where it is kept: configuration, metric functions
/// and registry. Adapters take one.</summary>
/// <remarks>Each method returns a new value and leaves this one unchanged. Safe for use by many threads.</remarks>
/// <example><code>
/// builder.Services.AddInstrumentator(Instrumentation.Default
///     .With(config => config with { ExcludedHandlers = ["/health"] })
///     .Add(Metrics.Latency().Then(Metrics.RequestSize())));
/// </code></example>
public sealed record Instrumentation
{
    /// <summary>Gets the default rules and the default metrics, in <see cref="Registry.Default"/>.</summary>
    public static Instrumentation Default { get; } = new();

    /// <summary>The rules for recording requests.</summary>
    public Config Config { get; init; } = Config.Default;

    /// <summary>The registry of all built-in metrics, added ones included, whose options name no other, and of the
    /// in-progress gauge. The metrics endpoint shows it.</summary>
    /// <remarks>Metrics that your own functions record in are where you registered them.</remarks>
    public Registry Registry { get; init; } = Registry.Default;

    /// <summary>The added metric functions; null if there are none, and then the default metrics run.</summary>
    public Func<Info, Unit>? Pipeline { get; init; }

    /// <summary>Whether the default metrics run before the added metric functions.</summary>
    /// <value>The default is false: added metric functions replace the default metrics.</value>
    public bool KeepDefaultMetrics { get; init; }

    /// <summary>The options of the default metrics. Ignored if added metric functions replace them.</summary>
    public DefaultMetricsOptions DefaultMetrics { get; init; } = new();

    /// <summary>The metric functions that run after the response is sent.</summary>
    public ValueList<Func<Info, ValueTask>> AsyncPipeline { get; init; } = [];

    /// <summary>The limits of single metrics, which the registry gets when the app starts.</summary>
    /// <value>The default is none: each metric has the limit of the registry.</value>
    public ValueList<SeriesLimit> SeriesLimits { get; init; } = [];

    /// <summary>Returns a copy with other rules.</summary>
    /// <param name="change">Returns new rules from the current ones.</param>
    public Instrumentation With(Func<Config, Config> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return this with { Config = change(Config) };
    }

    /// <summary>Returns a copy with another registry.</summary>
    /// <param name="registry">The registry of all built-in metrics, those added before and after this call included,
    /// unless their options name another.</param>
    public Instrumentation WithRegistry(Registry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return this with { Registry = registry };
    }

    /// <summary>Returns a copy with other default metrics.</summary>
    /// <param name="options">The options of the default metrics.</param>
    public Instrumentation WithDefaultMetrics(DefaultMetricsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return this with { DefaultMetrics = options };
    }

    /// <summary>Returns a copy with a limit of the series of one metric, in place of the registry's limit.</summary>
    /// <param name="metric">The full name in scrapes, such as <c>http_requests_total</c>.</param>
    /// <param name="limit">The maximum number of series, 1 or more.</param>
    /// <remarks>The registry gets it when the app starts, as by <see cref="Registry.LimitSeries"/>. The last call for a
    /// name wins.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="metric"/> is null.</exception>
    /// <example><code>Instrumentation.Default.LimitSeries("http_requests_total", 2_000)</code></example>
    public Instrumentation LimitSeries(string metric, int limit)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return this with { SeriesLimits = SeriesLimit.Set(SeriesLimits, new(metric, limit)) };
    }

    /// <summary>Returns a copy with one more metric function, or several composed ones.</summary>
    /// <param name="metrics">Runs after those already added. The first one replaces the default metrics, as in
    /// prometheus-fastapi-instrumentator; to keep them, use <see cref="AndAlso"/>.</param>
    /// <remarks>A built-in metric added twice counts once. <see cref="Metrics.None"/> changes nothing.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="metrics"/> is null.</exception>
    /// <example><code>Instrumentation.Default.Add(Metrics.Requests()).Add(Metrics.RequestSize())</code></example>
    public Instrumentation Add(Func<Info, Unit> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return metrics == Metrics.None ? this : this with { Pipeline = (Pipeline ?? Metrics.None).Then(metrics) };
    }

    /// <summary>Returns a copy with one more metric function beside the current ones: the default metrics, unless other
    /// functions have replaced them.</summary>
    /// <param name="metrics">One metric function, or several composed ones. Runs after the current ones.</param>
    /// <remarks>A built-in metric with the name of a default metric needs another name or namespace, unless it is
    /// equal: a name with two definitions is an error at start-up.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="metrics"/> is null.</exception>
    /// <example><code>Instrumentation.Default.AndAlso(Metrics.CombinedSize())</code></example>
    public Instrumentation AndAlso(Func<Info, Unit> metrics) =>
        Add(metrics) with { KeepDefaultMetrics = UsesDefaultMetrics };

    /// <summary>Returns a copy with these metric functions in place of all others, the default metrics included.
    /// Asynchronous functions stay.</summary>
    /// <param name="metrics">One metric function, or several composed ones; <see cref="Metrics.None"/> for
    /// none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="metrics"/> is null.</exception>
    /// <example><code>
    /// Instrumentation.Default.WithMetrics(Metrics.Requests().Then(Metrics.Latency()))
    /// </code></example>
    public Instrumentation WithMetrics(Func<Info, Unit> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return this with { Pipeline = metrics, KeepDefaultMetrics = false };
    }

    /// <summary>Returns a copy with one more asynchronous metric function.</summary>
    /// <param name="metrics">Starts after the response is sent. Its exceptions are counted and logged. The default
    /// metrics stay.</param>
    /// <remarks>
    /// The client already has its response. But the server reads the next request of an HTTP/1.1 connection only when
    /// the function is done, so keep it short, and hand long work to a queue. After <see cref="Config.AsyncTimeout"/>
    /// the function is no longer awaited: from then on it must not use the request's <c>HttpContext</c>, nor what
    /// <see cref="Info"/> reads from it, because the server may reuse the context for the next request.
    /// </remarks>
    public Instrumentation AddAsync(Func<Info, ValueTask> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return this with { AsyncPipeline = [.. AsyncPipeline, metrics] };
    }

    /// <summary>Returns all errors, each with a way to correct it; an empty list if there are none.</summary>
    public ValueList<string> Validate() => ValueList.From(Errors.Distinct(StringComparer.Ordinal));

    // The metrics of one function each report the errors of the options that they share.
    private IEnumerable<string> Errors =>
    [
        .. ErrorsOfMembers,
        .. Registry?.Validate() ?? [],
        .. Config?.Validate() ?? [],
        .. SeriesLimit.Validate(SeriesLimits),
        .. Step.Of(Pipeline ?? Metrics.None).Validate(AllowsUtf8Names),
        .. UsesDefaultMetrics && DefaultMetrics is { } metrics
            ? metrics.Validate(metrics.Registry?.AllowUtf8Names ?? AllowsUtf8Names)
            : [],
        .. Config?.LongLived is { } longLived ? LongLivedMetrics.Validate(longLived, AllowsUtf8Names) : [],
        .. Config?.InProgress is { } gauge ? InProgressGauges.Validate(gauge, AllowsUtf8Names) : [],
    ];

    private bool AllowsUtf8Names => Registry?.AllowUtf8Names ?? false;

    private IEnumerable<string> ErrorsOfMembers
    {
        get
        {
            if (Config is null)
                yield return "Config is null. For the default rules, use Config.Default.";
            if (Registry is null)
                yield return "Registry is null. For the default registry, use Registry.Default.";
            if (DefaultMetrics is null)
            {
                yield return "DefaultMetrics is null. For the defaults, use new DefaultMetricsOptions(); "
                    + "for no metrics at all, set Pipeline to Metrics.None.";
            }
            if (AsyncPipeline is null)
                yield return ConfigErrors.NullList(nameof(AsyncPipeline));
            else if (AsyncPipeline.Contains(null!))
                yield return "AsyncPipeline contains null. Remove it.";
        }
    }

    private bool UsesDefaultMetrics => Pipeline is null || KeepDefaultMetrics;

    /// <summary>Returns the default metrics, unless they are replaced, and the added metric functions.</summary>
    internal Func<Info, Unit> AllMetrics() => (UsesDefaultMetrics ? DefaultsOfConfig() : Metrics.None)
        .Then(Pipeline ?? Metrics.None);

    private Func<Info, Unit> DefaultsOfConfig() => Metrics.Default(DefaultMetrics with
    {
        ExcludeStreamingDuration = DefaultMetrics.ExcludeStreamingDuration || Config.ExcludeStreamingDuration,
    });
}
