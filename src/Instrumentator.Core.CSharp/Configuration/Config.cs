namespace Instrumentator;

/// <summary>The rules for what is recorded and under which labels, as one immutable value.</summary>
/// <remarks>
/// Two configurations with equal rules are equal. At start-up, <see cref="Validate"/> reports all invalid values at
/// once. Safe for use by many threads. From a configuration file, <c>AddInstrumentator(section)</c> reads all rules;
/// .NET's binder, as in <c>Get&lt;Config>()</c>, would silently leave out lists.
/// </remarks>
/// <example><code>
/// Instrumentation.Default.With(config => config with { ExcludedHandlers = ["^/health$"], LatencyDecimals = 4 })
/// </code></example>
public sealed record Config
{
    /// <summary>Gets the default configuration.</summary>
    public static Config Default { get; } = new();

    /// <summary>Whether the status label is the class of the status code, <c>2xx</c>, instead of the number.</summary>
    /// <value>The default is true.</value>
    public bool GroupStatusCodes { get; init; } = true;

    /// <summary>The rule for requests that match no route.</summary>
    /// <value>The default is <c>Untemplated.Group("none")</c>: all share one handler, <c>none</c>.</value>
    public Untemplated Untemplated { get; init; } = Untemplated.Group();

    /// <summary>The handler label of the files that <c>MapStaticAssets</c> serves, which all share it.</summary>
    /// <remarks>The route of such a file contains a fingerprint of its content, so as a label, it would create new
    /// series with each deployment. A label that an endpoint sets takes precedence. Files of <c>UseStaticFiles</c> have
    /// no route: see <see cref="Untemplated"/>.</remarks>
    /// <value>The default is <c>static assets</c>. With null, each file has its own route as label. Blank text is
    /// invalid.</value>
    public string? StaticAssets { get; init; } = "static assets";

    /// <summary>Handlers that are not measured: regular expressions, searched anywhere in the handler label.</summary>
    /// <remarks>
    /// The handler label is the route template, or the name that the endpoint sets. For a request without a route, the
    /// patterns search its path, before it is grouped. A pattern is case-sensitive unless it contains <c>(?i)</c>.
    /// Patterns run without backtracking, so lookarounds and backreferences are invalid. So are patterns with large
    /// nested counts, such as <c>(.{1,50}){1,50}</c>: the counts of a pattern, nested ones multiplied, may come to 500.
    /// The first 1,024 characters are searched, as if the text ended there. A pattern that takes 0.1 s for them, twice,
    /// matches nothing for a minute, which is counted and logged as for a metric function that fails.
    /// </remarks>
    /// <value>The default is none.</value>
    public ValueList<string> ExcludedHandlers { get; init; } = [];

    /// <summary>Handlers whose response body metric functions can read as <see cref="ResponseView.Body"/>: regular
    /// expressions, searched anywhere in the handler label, with the limits of
    /// <see cref="ExcludedHandlers"/>.</summary>
    /// <remarks>Without a <c>Content-Length</c>, the response size is then the actual size of the body.</remarks>
    /// <value>The default is none: no body is kept.</value>
    public ValueList<string> BodyHandlers { get; init; } = [];

    /// <summary>The maximum number of response body bytes that are kept for metric functions.</summary>
    /// <remarks>Ignored unless <see cref="BodyHandlers"/> matches the handler. The response size includes
    /// the bytes beyond it.</remarks>
    /// <value>The default is 65,536 bytes.</value>
    public int BodyLimit { get; init; } = 64 * 1024;

    /// <summary>The number of decimals that durations in seconds are rounded to; negative numbers round to
    /// tens.</summary>
    /// <remarks>Durations are correctly rounded from the exact binary value, ties to even, before a bucket is
    /// chosen.</remarks>
    /// <value>The default is null: durations are not rounded.</value>
    public int? LatencyDecimals { get; init; }

    /// <summary>Whether the default metrics measure up to the first byte of the response, not to its end.</summary>
    /// <remarks>Added metric functions have their own setting,
    /// <see cref="LatencyOptions.ExcludeStreamingDuration"/>.</remarks>
    /// <value>The default is false.</value>
    public bool ExcludeStreamingDuration { get; init; }

    /// <summary>The options of the gauge of requests in progress.</summary>
    /// <value>The default is null: no gauge.</value>
    public InProgressOptions? InProgress { get; init; }

    /// <summary>The options of long-lived requests, which stay open as long as their clients want. They have a gauge
    /// and a histogram of their own, and are not in the latency histograms.</summary>
    /// <value>The default is <c>new()</c>: WebSockets, server-sent events, SignalR, streaming gRPC calls, and endpoints
    /// marked as long-lived. With null, they are recorded like any other request.</value>
    public LongLivedOptions? LongLived { get; init; } = new();

    /// <summary>The status of a request whose client disconnects before the response starts. After that, the status of
    /// the response counts.</summary>
    /// <value>The default is <see cref="ClientAborts.Status499"/>.</value>
    public ClientAborts ClientAborts { get; init; } = ClientAborts.Status499;

    /// <summary>The source of request and response body sizes.</summary>
    /// <remarks>With <see cref="BodySizes.ContentLength"/>, a body without that header counts 0 bytes: chunked requests
    /// and streamed responses, such as the JSON of minimal APIs. <see cref="BodySizes.Actual"/> counts what was read
    /// and written, for some hundred bytes of memory per request.</remarks>
    /// <value>The default is <see cref="BodySizes.ContentLength"/>, which costs nothing.</value>
    public BodySizes BodySizes { get; init; } = BodySizes.ContentLength;

    /// <summary>The options of exemplars: single requests that counters and histograms keep, with their trace
    /// ID.</summary>
    /// <value>The default is null: no exemplars, at no cost.</value>
    public ExemplarOptions? Exemplars { get; init; }

    /// <summary>The time limit of each asynchronous metric function of <see cref="Instrumentation.AddAsync"/>. After
    /// it, the function is no longer awaited, and the next one runs.</summary>
    /// <remarks>A timeout is counted and logged like an exception. After it, the function must not use the request's
    /// <c>HttpContext</c>, nor what <see cref="Info"/> reads from it: the server may reuse the context for the next
    /// request. While 16 runs of a function have not ended after 1 second, or 1,000 have not ended, it is no longer
    /// awaited, and further runs are skipped.</remarks>
    /// <value>The default is 5 seconds. It must be above 0 and at most one day.</value>
    public TimeSpan AsyncTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The environment variable that turns measuring on with <c>true</c> or <c>1</c>, ignoring case.</summary>
    /// <remarks>With another value, or none, nothing is measured, and there is no metrics endpoint.</remarks>
    /// <value>The default is null: always on.</value>
    public string? EnabledBy { get; init; }

    /// <summary>The methods that are labels in addition to those of RFC 9110, PATCH and QUERY.</summary>
    /// <value>The default is none: any other method is labeled <c>_OTHER</c>.</value>
    public ValueList<string> ExtraMethods { get; init; } = [];

    /// <summary>How a route template becomes the handler label.</summary>
    /// <value>The default is <see cref="HandlerTemplate.Names"/>: <c>/items/{id}</c> for
    /// <c>/items/{id:int}</c>.</value>
    public HandlerTemplate HandlerTemplate { get; init; } = HandlerTemplate.Names;

    /// <summary>Whether a request that a route rejects for its method (405) or content type (415) has the label of that
    /// route.</summary>
    /// <value>The default is true. If false, it counts as a request without a route.</value>
    public bool LabelRejected { get; init; } = true;

    /// <summary>Whether the handler label starts with the path base, such as that of a branch made by
    /// <c>Map</c>.</summary>
    /// <remarks>In lower case. At most 100 different path bases become labels; others are left off.</remarks>
    /// <value>The default is false.</value>
    public bool IncludePathBase { get; init; }

    /// <summary>Whether the counters of requests have series at 0 when the app has started: for each of its endpoints,
    /// each method that the endpoint declares, and the status 2xx and 5xx (200 and 500 if status codes are not
    /// grouped).</summary>
    /// <remarks>
    /// <para>A series that begins with the first error has the value 1 from the start, so <c>increase()</c> and
    /// <c>rate()</c> do not see that error. See
    /// https://prometheus.io/docs/practices/instrumentation/#avoid-missing-metrics.</para>
    /// <para>The counters are all those of <see cref="Metrics.Requests"/>, the default one included, whose labels are
    /// the handler, the method, the status, values of routes, and constants. One with another request label, or with a
    /// condition, has no series before its first request: nobody knows the values in advance. An endpoint that declares
    /// no methods, as with <c>Map</c> and <c>MapFallback</c>, has series for GET. The series take at most half of the
    /// limit of a metric's series; a warning in the log tells how many there was no room for.</para>
    /// <para>Read once, when the app starts. Endpoints that are added later, labels with a path base, and routes of
    /// Giraffe's own router, which has no list of them, get their series with their first request.</para>
    /// </remarks>
    /// <value>The default is false.</value>
    public bool InitializeSeries { get; init; }

    /// <summary>Returns all errors, each with a way to correct it; an empty list if there are none.</summary>
    /// <remarks>Metric names are checked when they are registered, and by <see cref="Instrumentation.Validate"/> with
    /// everything else.</remarks>
    public ValueList<string> Validate() => ValueList.From(
        PatternSet.Validate(nameof(ExcludedHandlers), ExcludedHandlers)
            .Concat(PatternSet.Validate(nameof(BodyHandlers), BodyHandlers))
            .Concat(ConfigErrors.Of(this)));
}
