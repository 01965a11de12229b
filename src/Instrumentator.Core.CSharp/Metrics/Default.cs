namespace Instrumentator;

/// <summary>The options of the default metrics.</summary>
public sealed record DefaultMetricsOptions
{
    /// <summary>The first part of each full name, followed by <c>_</c>.</summary>
    /// <value>The default is null: no namespace.</value>
    public string? Namespace { get; init; }

    /// <summary>The part between namespace and name, followed by <c>_</c>.</summary>
    /// <value>The default is null: no subsystem.</value>
    public string? Subsystem { get; init; }

    /// <summary>Whether the histogram with many buckets observes only requests with a 2xx status code.</summary>
    /// <value>The default is false.</value>
    public bool OnlySuccessInHighResolution { get; init; }

    /// <summary>The upper bounds of the histogram with many buckets, in seconds.</summary>
    /// <value>The default is <see cref="Buckets.HighResolution"/>.</value>
    public ValueList<double> HighResolutionBuckets { get; init; } = Buckets.HighResolution;

    /// <summary>The upper bounds of the histogram with few buckets, in seconds.</summary>
    /// <value>The default is <see cref="Buckets.LowResolution"/>.</value>
    public ValueList<double> LowResolutionBuckets { get; init; } = Buckets.LowResolution;

    /// <summary>The native buckets of both histograms, in addition to the classic ones, which may then be
    /// empty.</summary>
    /// <value>The default is null: no native buckets.</value>
    public NativeBuckets? Native { get; init; }

    /// <summary>Whether durations end at the first byte of the response.</summary>
    /// <value>The default is false, or <see cref="Config.ExcludeStreamingDuration"/> for an instrumentation's own
    /// default metrics.</value>
    public bool ExcludeStreamingDuration { get; init; }

    /// <summary>Additional labels with values from the request, after the usual ones, on all families but the histogram
    /// with many buckets.</summary>
    /// <remarks>Each label multiplies the number of series by its number of values.</remarks>
    /// <value>The default is none.</value>
    /// <example><code>
    /// new DefaultMetricsOptions
    /// {
    ///     ExtraRequestLabels = [RequestLabel.Header("X-Tenant", ["acme", "globex"]).As("tenant")]
    /// }
    /// </code></example>
    public ValueList<RequestLabel> ExtraRequestLabels { get; init; } = [];

    /// <summary>Labels with constant values, on all families but the histogram with many buckets.</summary>
    /// <value>The default is none.</value>
    public ValueList<Label> CustomLabels { get; init; } = [];

    /// <summary>The registry of the families.</summary>
    /// <value>The default is null: the registry of the instrumentation that runs the metrics, or
    /// <see cref="Registry.Default"/> when you call the function yourself.</value>
    public Registry? Registry { get; init; }

    internal const string ActualRequestSizeHelp =
        "Bytes read from request bodies by handler. No percentile calculated.";

    internal const string ActualResponseSizeHelp =
        "Bytes sent as response bodies by handler. No percentile calculated.";

    internal FamilyDefinition Requests => Define(
        MetricKind.Counter, "http_requests_total", RequestsLabels,
        "Total number of requests by method, status and handler.");

    internal FamilyDefinition RequestSize => Define(
        MetricKind.Summary, "http_request_size_bytes", HandlerLabels,
        "Content length of incoming requests by handler. "
            + "Only value of header is respected. Otherwise ignored. No percentile calculated.");

    internal FamilyDefinition ResponseSize => Define(
        MetricKind.Summary, "http_response_size_bytes", HandlerLabels,
        "Content length of outgoing responses by handler. "
            + "Only value of header is respected. Otherwise ignored. No percentile calculated.");

    internal FamilyDefinition HighResolution => Define(
        MetricKind.Histogram, "http_request_duration_highr_seconds", NoLabels,
        "Latency with many buckets but no API specific labels. Made for more accurate percentile calculations.",
        HighResolutionBuckets);

    internal FamilyDefinition LowResolution => Define(
        MetricKind.Histogram, "http_request_duration_seconds", LatencyLabels,
        "Latency with only few buckets by handler. Made to be only used if aggregation by handler is important.",
        LowResolutionBuckets);

    internal LabelSelection RequestsLabels =>
        LabelSelection.Of(handler: true, method: true, status: true, CustomLabels).With(ExtraRequestLabels);

    internal LabelSelection HandlerLabels =>
        LabelSelection.Of(handler: true, method: false, status: false, CustomLabels).With(ExtraRequestLabels);

    internal LabelSelection LatencyLabels =>
        LabelSelection.Of(handler: true, method: true, status: false, CustomLabels).With(ExtraRequestLabels);

    internal static LabelSelection NoLabels => LabelSelection.Of(handler: false, method: false, status: false, []);

    /// <summary>Returns all errors, each with a way to correct it; an empty list if there are none.</summary>
    public ValueList<string> Validate() => Validate(Registry?.AllowUtf8Names ?? false);

    // An error of what the families share is one error.
    internal ValueList<string> Validate(bool utf8Names)
    {
        const string Owner = "the default metrics";
        var ofPrefix = Names.ErrorsOfPrefix(Namespace, Subsystem, Owner, utf8Names).ToArray();
        var named = ofPrefix.Length > 0 ? this with { Namespace = null, Subsystem = null } : this;
        return ValueList.From(ErrorsOfLists
            .Concat(ofPrefix)
            .Concat(new LabelSelection(ExtraRequestLabels, []).Validate())
            .Concat(named.Families
                .SelectMany(family => family.Validate(utf8Names, Owner))
                .Distinct(StringComparer.Ordinal)));
    }

    private FamilyDefinition[] Families => [Requests, RequestSize, ResponseSize, HighResolution, LowResolution];

    private IEnumerable<string> ErrorsOfLists
    {
        get
        {
            if (HighResolutionBuckets is null)
                yield return ConfigErrors.NullBuckets($"{nameof(HighResolutionBuckets)} of the default metrics");
            if (LowResolutionBuckets is null)
                yield return ConfigErrors.NullBuckets($"{nameof(LowResolutionBuckets)} of the default metrics");
            if (CustomLabels is null)
                yield return ConfigErrors.NullList($"{nameof(CustomLabels)} of the default metrics");
            if (ExtraRequestLabels is null)
                yield return ConfigErrors.NullList($"{nameof(ExtraRequestLabels)} of the default metrics");
        }
    }

    private FamilyDefinition Define(
        MetricKind kind, string name, LabelSelection labels, string help, ValueList<double>? buckets = null) =>
        new(Names.Join(Namespace, Subsystem, name), help, kind, labels.Names, Buckets.WithoutInfinity(buckets))
        {
            Native = kind == MetricKind.Histogram ? Native : null
        };
}

public static partial class Metrics
{
    /// <summary>Records the default metrics: five families.</summary>
    /// <remarks>
    /// <list type="bullet">
    /// <item><c>http_requests_total{handler,method,status}</c>, a counter.</item>
    /// <item><c>http_request_size_bytes{handler}</c> and <c>http_response_size_bytes{handler}</c>, summaries, in
    /// bytes. Their help texts say whether <see cref="Config.BodySizes"/> are headers or counted.</item>
    /// <item><c>http_request_duration_highr_seconds</c>, a histogram with many buckets and no labels, in
    /// seconds.</item>
    /// <item><c>http_request_duration_seconds{handler,method}</c>, a histogram with few buckets, in seconds.</item>
    /// </list>
    /// </remarks>
    /// <param name="options">Buckets, names, labels, registry; null for the defaults.</param>
    /// <exception cref="InvalidConfigException">An option is invalid; the exception lists all errors.</exception>
    /// <example><code>Instrumentation.Default.Add(Metrics.Default()).Add(Metrics.CombinedSize())</code></example>
    public static Func<Info, Unit> Default(DefaultMetricsOptions? options = null)
    {
        options ??= new DefaultMetricsOptions();
        InvalidConfigException.ThrowIfAny(options.Validate(options.Registry?.AllowUtf8Names ?? true));
        var seconds = Seconds(options.ExcludeStreamingDuration);
        return new Composition(
        [
            BuiltIn(options.Requests, options.RequestsLabels, Measured.One),
            BuiltIn(
                options.RequestSize,
                options.HandlerLabels,
                Measured.RequestBytes,
                actualHelp: DefaultMetricsOptions.ActualRequestSizeHelp),
            BuiltIn(
                options.ResponseSize,
                options.HandlerLabels,
                Measured.ResponseBytes,
                actualHelp: DefaultMetricsOptions.ActualResponseSizeHelp),
            BuiltIn(
                options.HighResolution,
                DefaultMetricsOptions.NoLabels,
                seconds,
                options.OnlySuccessInHighResolution),
            BuiltIn(options.LowResolution, options.LatencyLabels, seconds),
        ]).ToFunction();

        BuiltInStep BuiltIn(
            FamilyDefinition definition,
            LabelSelection labels,
            Measured what,
            bool onlySuccess = false,
            string? actualHelp = null) =>
            new(definition, labels, what, utf8 => options.Validate(utf8), options.Registry, onlySuccess, actualHelp);
    }
}
