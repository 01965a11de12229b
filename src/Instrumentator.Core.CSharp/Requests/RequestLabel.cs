namespace Instrumentator;

/// <summary>A label whose value comes from each request: from a closed or capped set, whatever clients send.</summary>
/// <remarks>Immutable, compared by value.</remarks>
/// <example><code>
/// Metrics.Requests(new()
/// {
///     RequestLabels = [RequestLabel.Status.As("code"), RequestLabel.Method, RequestLabel.Handler.As("endpoint")],
/// })
/// </code></example>
public sealed record RequestLabel
{
    private readonly Part _part;
    private readonly string? _key;

    private RequestLabel(Part part, string name, string? key = null, BoundedValue? bounded = null) =>
        (_part, Name, _key, Bounded) = (part, name, key, bounded);

    private enum Part
    {
        Handler,
        Method,
        Status,
        RouteValue,
        Bounded,
    }

    /// <summary>The handler label, <c>handler</c>: see <see cref="Info.Handler"/>.</summary>
    public static RequestLabel Handler { get; } = new(Part.Handler, "handler");

    /// <summary>The method label, <c>method</c>: see <see cref="Info.Method"/>.</summary>
    public static RequestLabel Method { get; } = new(Part.Method, "method");

    /// <summary>The status label, <c>status</c>: see <see cref="Info.Status"/>.</summary>
    public static RequestLabel Status { get; } = new(Part.Status, "status") { NeedsResponse = true };

    /// <summary>The scheme label, <c>scheme</c>: <c>http</c>, <c>https</c>, or <c>_OTHER</c>.</summary>
    public static RequestLabel Scheme { get; } = new(
        Part.Bounded,
        "scheme",
        bounded: new ClosedSetValue(request => request.Scheme, MethodLabel.Other, "http", "https"));

    /// <summary>The label of the HTTP version, <c>protocol_version</c>: <c>1.0</c>, <c>1.1</c>, <c>2</c>, <c>3</c>, or
    /// empty.</summary>
    public static RequestLabel ProtocolVersion { get; } = new(
        Part.Bounded,
        "protocol_version",
        bounded: new ClosedSetValue(request => VersionOf(request.Protocol), "", "1.0", "1.1", "2", "3"));

    /// <summary>The label of the exception, <c>error_type</c>: the full name of its type, as in ASP.NET Core's meter;
    /// empty without one.</summary>
    /// <remarks>
    /// <para>The exception is the one that escaped the app, or the one for which <c>UseExceptionHandler</c> made the
    /// response. A request that its client aborted has none, and neither has a response of 500 without an
    /// exception.</para>
    /// <para>At most 100 exception types become values in a registry; further ones are <c>_OTHER</c>. The gauge of
    /// requests in progress cannot have this label.</para>
    /// </remarks>
    public static RequestLabel ErrorType { get; } = new(Part.Bounded, "error_type", bounded: new ErrorTypeValue(new()))
    {
        NeedsResponse = true,
    };

    /// <summary>The label of requests that nothing in the app handled, <c>unhandled</c>: <c>true</c> if the request
    /// reached the end of the middleware pipeline, which answered 404; otherwise empty.</summary>
    /// <remarks>It tells a wrong URL from a 404 of a handler. The gauge of requests in progress cannot have this
    /// label.</remarks>
    public static RequestLabel Unhandled { get; } = new(
        Part.Bounded,
        "unhandled",
        bounded: new ClosedSetValue(request => request.IsUnhandled ? "true" : null, "", "true"))
    {
        NeedsResponse = true,
    };

    /// <summary>The label of the gRPC status, <c>grpc_status</c>: the name of the status code, such as <c>OK</c> and
    /// <c>DEADLINE_EXCEEDED</c>; empty for a request that is no gRPC call.</summary>
    /// <remarks>
    /// <para>A gRPC call that fails is an HTTP 200: its outcome is in the trailer <c>grpc-status</c>, or in the header
    /// of that name if there is no message. The names are those of gRPC's own metrics
    /// (https://github.com/grpc/proposal, A66). A code that is not one of the 17 standard ones is
    /// <c>_OTHER</c>.</para>
    /// <para>Calls by gRPC-Web have it, too. Calls by JSON transcoding have none: their HTTP status tells. A call that
    /// its client cancelled is <c>CANCELLED</c>, although the server reports its interrupted handler as UNKNOWN. The
    /// gauge of requests in progress cannot have this label.</para>
    /// </remarks>
    /// <example><code>
    /// new DefaultMetricsOptions { ExtraRequestLabels = [RequestLabel.GrpcStatus] }
    /// </code></example>
    public static RequestLabel GrpcStatus { get; } = new(Part.Bounded, "grpc_status", bounded: new GrpcStatusValue())
    {
        NeedsResponse = true,
    };

    /// <summary>The name of the label.</summary>
    public string Name { get; private init; }

    /// <summary>Whether the value is known only after the response.</summary>
    internal bool NeedsResponse { get; private init; }

    internal bool IsHandler => _part == Part.Handler;

    internal bool IsMethod => _part == Part.Method;

    internal bool IsStatus => _part == Part.Status;

    /// <summary>Whether the values are known before any request: those of a route, a method and a status.</summary>
    internal bool IsKnownInAdvance => Bounded is null;

    /// <summary>The bounded value that is read from the request; null when the label has none.</summary>
    internal BoundedValue? Bounded { get; }

    /// <summary>Returns a label for a value of the route itself, such as <c>controller</c> and <c>action</c> in MVC and
    /// <c>page</c> in Razor Pages; empty when the route has none.</summary>
    /// <param name="key">The name of the value and of the label.</param>
    /// <remarks>Route parameters, which clients fill in, are not included.</remarks>
    /// <exception cref="ArgumentException"><paramref name="key"/> is null or empty.</exception>
    public static RequestLabel RouteValue(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return new RequestLabel(Part.RouteValue, key, key);
    }

    /// <summary>Returns a label for a request header with an allow-list. The list is required because clients choose
    /// headers.</summary>
    /// <param name="header">The header, in any case. The label has its name in lower case, <c>x_tenant</c> for
    /// <c>X-Tenant</c>; <see cref="As"/> renames it.</param>
    /// <param name="allowed">The 1 to 1,000 values that become labels, spelled as here. Matching ignores case and
    /// surrounding whitespace.</param>
    /// <param name="other">The label of all other values. Empty text stands for no label, as in Prometheus's
    /// formats.</param>
    /// <remarks>
    /// <para>A missing header counts as an empty one: <paramref name="other"/>, unless <c>""</c> is in the list.
    /// Several headers of the same name are one, joined by commas.</para>
    /// <para>Metrics read the header when the request ends, the gauge of requests in progress when it starts. Invalid
    /// arguments cause an <see cref="InvalidConfigException"/> where the label is used, with all other errors.</para>
    /// </remarks>
    /// <example><code>
    /// new DefaultMetricsOptions
    /// {
    ///     ExtraRequestLabels = [RequestLabel.Header("X-Tenant", ["acme", "globex"]).As("tenant")],
    /// }
    /// </code></example>
    public static RequestLabel Header(string header, ValueList<string> allowed, string other = "other") =>
        new(Part.Bounded, NameOf(header), bounded: new ListedValue(header ?? "", null, allowed, other));

    /// <summary>Returns a label for any other text of a request, with an allow-list: a claim of the user, the host, a
    /// query value.</summary>
    /// <param name="name">The name of the label.</param>
    /// <param name="read">Reads the text, from many threads: once when a request ends if metrics have the label, and
    /// once when it starts if the gauge of requests in progress has it. Null counts as empty text. An exception is
    /// counted and logged as with metric functions, and the label is <paramref name="other"/>.</param>
    /// <param name="allowed">The 1 to 1,000 texts that become labels, spelled as here. Matching ignores case and
    /// surrounding whitespace.</param>
    /// <param name="other">The label of all other texts. Empty text stands for no label, as in Prometheus's
    /// formats.</param>
    /// <remarks>When a request starts, its user is not known yet. Invalid arguments cause an
    /// <see cref="InvalidConfigException"/> where the label is used, with all other errors.</remarks>
    /// <example><code>
    /// RequestLabel.From("plan", request => request.HttpContext().User.FindFirst("plan")?.Value, ["free", "pro"])
    /// </code></example>
    public static RequestLabel From(
        string name, Func<RequestView, string?> read, ValueList<string> allowed, string other = "other") =>
        new(Part.Bounded, name, bounded: new ListedValue(null, read, allowed, other));

    /// <summary>Returns a label with the same value and another name.</summary>
    /// <param name="name">The new name: letters, digits and <c>_</c>, not starting with a digit or with
    /// <c>__</c>.</param>
    public RequestLabel As(string name) => this with { Name = name };

    /// <summary>Returns all errors except those of the name, each with the way to correct it.</summary>
    internal IEnumerable<string> Validate(string reserved) => Bounded?.Validate(Name, reserved) ?? [];

    /// <summary>Returns the value that an instrumentation computed, or otherwise one read from the request.</summary>
    internal string ValueOf(RequestLabels labels, in LabelSource source) => _part switch
    {
        Part.Handler => labels.Handler,
        Part.Method => labels.Method,
        Part.Status => labels.Status,
        Part.RouteValue => labels.RouteValue(_key!),
        _ => labels.Bounded?.Of(Bounded!) ?? Bounded![Bounded.IndexOf(source, out _)],
    };

    private static string? VersionOf(string protocol) => protocol switch
    {
        "HTTP/1.0" => "1.0",
        "HTTP/1.1" => "1.1",
        "HTTP/2" => "2",
        "HTTP/3" => "3",
        _ => null,
    };

    private static string NameOf(string? header) =>
        string.Concat((header ?? "").Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_'));
}
