namespace Instrumentator;

/// <summary>Every rule of what is recorded and under which labels, as one immutable value.</summary>
/// <remarks>
/// Two configurations with equal rules are equal. Invalid values are all reported at once, by
/// <see cref="Validate"/>, when the app starts. Safe for use by many threads.
/// </remarks>
/// <example><code>
/// Instrumentation.Default.With(config => config with { ExcludedHandlers = ["/health"], LatencyDecimals = 4 })
/// </code></example>
public sealed record Config
{
    /// <summary>The configuration of an app that sets nothing.</summary>
    public static Config Default { get; } = new();

    /// <summary>Whether the status label is the class of the status, <c>2xx</c>, and not the number.</summary>
    /// <value>The default is true.</value>
    public bool GroupStatusCodes { get; init; } = true;

    /// <summary>What becomes of requests that matched no route.</summary>
    /// <value>The default is <c>Untemplated.Group("none")</c>: all are one handler, <c>none</c>.</value>
    public Untemplated Untemplated { get; init; } = Untemplated.Group();

    /// <summary>Handlers that leave no trace: regular expressions, searched anywhere in the handler label.</summary>
    /// <remarks>
    /// That is the route template, or the name that an endpoint gave itself. A request without a route is searched by its path, before it is grouped. Case matters unless the pattern says
    /// <c>(?i)</c>. Patterns run without backtracking, so look-around and back-references are refused.
    /// </remarks>
    /// <value>The default is none.</value>
    public ValueList<string> ExcludedHandlers { get; init; } = [];

    /// <summary>Handlers whose response body metric functions can read, as <see cref="ResponseView.Body"/>: regular
    /// expressions, searched anywhere in the handler label.</summary>
    /// <remarks>A body without a <c>Content-Length</c> then counts its real bytes as the response size.</remarks>
    /// <value>The default is none: no body is looked at.</value>
    public ValueList<string> BodyHandlers { get; init; } = [];

    /// <summary>How many bytes of a response body are kept for metric functions, at the most.</summary>
    /// <remarks>Ignored unless <see cref="BodyHandlers"/> names the handler. The size is counted beyond it.</remarks>
    /// <value>The default is 65,536 bytes.</value>
    public int BodyLimit { get; init; } = 64 * 1024;

    /// <summary>To how many decimals durations are rounded, in seconds; negative numbers round to tens.</summary>
    /// <remarks>Correctly rounded on the exact binary value, ties to even, before buckets are chosen. See <see cref="Rounding"/>.</remarks>
    /// <value>The default is null: durations are not rounded.</value>
    public int? LatencyDecimals { get; init; }

    /// <summary>Whether the default metrics measure up to the first byte of the response, not to its end.</summary>
    /// <remarks>Metric functions that one adds have a setting of their own, <see cref="LatencyOptions.ExcludeStreamingDuration"/>.</remarks>
    /// <value>The default is false.</value>
    public bool ExcludeStreamingDuration { get; init; }

    /// <summary>The gauge of requests in progress.</summary>
    /// <value>The default is null: there is none.</value>
    public InProgressOptions? InProgress { get; init; }

    /// <summary>Requests that stay open as long as their client likes: kept out of the histograms of latencies, with a gauge and a histogram of their own.</summary>
    /// <value>The default is <c>new()</c>: WebSockets, server-sent events, SignalR, gRPC, and endpoints that say so. With null they are requests like any other.</value>
    public LongLivedOptions? LongLived { get; init; } = new();

    /// <summary>What becomes of a request whose client hung up before it got an answer.</summary>
    /// <value>The default is <see cref="ClientAborts.Status499"/>.</value>
    public ClientAborts ClientAborts { get; init; } = ClientAborts.Status499;

    /// <summary>What the sizes of bodies are taken from.</summary>
    /// <value>The default is <see cref="BodySizes.ContentLength"/>, which costs nothing.</value>
    public BodySizes BodySizes { get; init; } = BodySizes.ContentLength;

    /// <summary>Exemplars: single requests that counters and histograms keep, with the identity of their trace.</summary>
    /// <value>The default is null: there are none, and nothing is spent on them.</value>
    public ExemplarOptions? Exemplars { get; init; }

    /// <summary>How long an asynchronous metric function of <see cref="Instrumentation.AddAsync"/> is waited for. Then it is left to itself, and the next one runs.</summary>
    /// <remarks>That is counted and logged like an exception. The request's <c>HttpContext</c>, and what <see cref="Info"/> reads of it, must not be used after that time: the server may use it for
    /// the next request. Of one function, 1,000 runs may be unfinished; one more is left out.</remarks>
    /// <value>The default is 5 seconds; above 0, one day at the most.</value>
    public TimeSpan AsyncTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>An environment variable that switches everything on when it is <c>true</c> or <c>1</c>, in any case.</summary>
    /// <remarks>Anything else, or no such variable: nothing is measured, and the metrics endpoint is not there.</remarks>
    /// <value>The default is null: always on.</value>
    public string? EnabledBy { get; init; }

    /// <summary>Methods that are labels beside those of RFC 9110, PATCH and QUERY.</summary>
    /// <value>The default is none: any other method is labelled <c>_OTHER</c>.</value>
    public ValueList<string> ExtraMethods { get; init; } = [];

    /// <summary>How a route template becomes the handler label.</summary>
    /// <value>The default is <see cref="HandlerTemplate.Names"/>: <c>/items/{id}</c> for <c>/items/{id:int}</c>.</value>
    public HandlerTemplate HandlerTemplate { get; init; } = HandlerTemplate.Names;

    /// <summary>Whether a request that a route would have answered, were its method or its content type another (405, 415), has the label of that route.</summary>
    /// <value>The default is true; otherwise it counts as untemplated.</value>
    public bool LabelRejected { get; init; } = true;

    /// <summary>Whether the handler label starts with the path base, as in an app below a branch made by <c>Map</c>.</summary>
    /// <remarks>In lower case; at most a hundred different bases become labels, the rest is left off.</remarks>
    /// <value>The default is false.</value>
    public bool IncludePathBase { get; init; }

    /// <summary>Returns all errors of the values, each with the way to correct it; an empty list when they are valid.</summary>
    /// <remarks>Names of metrics are checked where they are registered, and with everything else by <see cref="Instrumentation.Validate"/>.</remarks>
    public ValueList<string> Validate() => ValueList.From(
        PatternSet.Validate(nameof(ExcludedHandlers), ExcludedHandlers)
            .Concat(PatternSet.Validate(nameof(BodyHandlers), BodyHandlers))
            .Concat(ConfigErrors.Of(this)));
}
