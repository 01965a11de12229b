namespace Instrumentator;

/// <summary>What is measured, how, and where it is kept: config, metric functions and registry in one immutable value. What adapters take.</summary>
/// <remarks>Each method gives a new value and leaves this one as it is. Safe for use by many threads.</remarks>
/// <example><code>
/// builder.Services.AddInstrumentator(Instrumentation.Default
///     .With(config => config with { ExcludedHandlers = ["/health"] })
///     .Add(Metrics.Latency().Then(Metrics.RequestSize())));
/// </code></example>
public sealed record Instrumentation
{
    /// <summary>The default rules and the default metrics, in <see cref="Registry.Default"/>.</summary>
    public static Instrumentation Default { get; } = new();

    /// <summary>The rules.</summary>
    public Config Config { get; init; } = Config.Default;

    /// <summary>Where the default metrics and the in-progress gauge are registered, and what the metrics endpoint shows.</summary>
    /// <remarks>A metric function that one adds is registered where its own options say.</remarks>
    public Registry Registry { get; init; } = Registry.Default;

    /// <summary>The metric functions that were added; null while none was, and then the default metrics run.</summary>
    public Func<Info, Unit>? Pipeline { get; init; }

    /// <summary>What the default metrics are made of. Ignored once a metric function was added.</summary>
    public DefaultMetricsOptions DefaultMetrics { get; init; } = new();

    /// <summary>Metric functions that run after the response was sent.</summary>
    public ValueList<Func<Info, ValueTask>> AsyncPipeline { get; init; } = [];

    /// <summary>The same with other rules.</summary>
    /// <param name="change">Makes new rules of the present ones.</param>
    public Instrumentation With(Func<Config, Config> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return this with { Config = change(Config) };
    }

    /// <summary>The same in another registry.</summary>
    /// <param name="registry">Where the default metrics and the in-progress gauge are registered.</param>
    public Instrumentation WithRegistry(Registry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return this with { Registry = registry };
    }

    /// <summary>The same with other default metrics.</summary>
    /// <param name="options">What they are made of.</param>
    public Instrumentation WithDefaultMetrics(DefaultMetricsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return this with { DefaultMetrics = options };
    }

    /// <summary>The same with one metric function more, or several that were composed.</summary>
    /// <param name="metrics">Runs after those that are there. The first one that is added takes the place of the default metrics.</param>
    /// <remarks>A built-in metric that is added twice counts once. <see cref="Metrics.None"/> changes nothing.</remarks>
    public Instrumentation Add(Func<Info, Unit> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return metrics == Metrics.None ? this : this with { Pipeline = (Pipeline ?? Metrics.None).Then(metrics) };
    }

    /// <summary>The same with one asynchronous metric function more.</summary>
    /// <param name="metrics">Starts when the response was sent; what it throws is counted and logged. The default metrics stay.</param>
    /// <remarks>
    /// The client has its answer by then. But the server takes the next request of an HTTP/1.1 connection only when the function is done, so keep it
    /// short, and hand long work to a queue. After <see cref="Config.AsyncTimeout"/> nobody waits for it any more: what goes on then must not use the request's <c>HttpContext</c>, nor what
    /// <see cref="Info"/> reads of it, which the server may have given to the next request.
    /// </remarks>
    public Instrumentation AddAsync(Func<Info, ValueTask> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return this with { AsyncPipeline = [.. AsyncPipeline, metrics] };
    }

    /// <summary>Returns all errors of the values, each with the way to correct it; an empty list when they are valid.</summary>
    public ValueList<string> Validate() =>
    [
        .. ErrorsOfMembers,
        .. Config?.Validate() ?? [],
        .. Pipeline is null && DefaultMetrics is { } metrics ? (metrics with { Registry = metrics.Registry ?? Registry }).Validate() : [],
        .. Config?.LongLived is { } longLived ? LongLivedMetrics.Validate(longLived, Registry?.AllowUtf8Names ?? false) : [],
        .. Config?.InProgress is { } gauge ? InProgressGauges.Validate(gauge, Registry?.AllowUtf8Names ?? false) : [],
    ];

    private IEnumerable<string> ErrorsOfMembers
    {
        get
        {
            if (Config is null)
                yield return "Config is null. For the default rules, use Config.Default.";
            if (Registry is null)
                yield return "Registry is null. For that of the process, use Registry.Default.";
            if (DefaultMetrics is null)
                yield return "DefaultMetrics is null. For the usual ones, use new DefaultMetricsOptions(); for no metrics at all, set Pipeline to Metrics.None.";
            if (AsyncPipeline is null)
                yield return ConfigErrors.NullList(nameof(AsyncPipeline));
            else if (AsyncPipeline.Contains(null!))
                yield return "AsyncPipeline holds null. Leave it out.";
        }
    }

    /// <summary>What runs: the functions that were added, or the default metrics, which are registered now.</summary>
    internal Func<Info, Unit> PipelineOrDefault() => Pipeline ?? Metrics.Default(DefaultMetrics with
    {
        Registry = DefaultMetrics.Registry ?? Registry,
        ExcludeStreamingDuration = DefaultMetrics.ExcludeStreamingDuration || Config.ExcludeStreamingDuration,
    });
}
