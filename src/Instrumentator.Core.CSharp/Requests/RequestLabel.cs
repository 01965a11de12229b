namespace Instrumentator;

/// <summary>A label whose value each request brings: from a closed or capped set, whatever clients send.</summary>
/// <remarks>Immutable, compared by value.</remarks>
/// <example><code>Metrics.Requests(new() { RequestLabels = [RequestLabel.Status.As("code"), RequestLabel.Method, RequestLabel.Handler.As("endpoint")] })</code></example>
public sealed record RequestLabel
{
    private readonly Part _part;
    private readonly string? _key;

    private RequestLabel(Part part, string name, string? key = null, ListedValue? listed = null) => (_part, Name, _key, Listed) = (part, name, key, listed);

    private enum Part
    {
        Handler,
        Method,
        Status,
        RouteValue,
        Listed,
    }

    /// <summary>The handler label, <c>handler</c>: see <see cref="Info.Handler"/>.</summary>
    public static RequestLabel Handler { get; } = new(Part.Handler, "handler");

    /// <summary>The method label, <c>method</c>: see <see cref="Info.Method"/>.</summary>
    public static RequestLabel Method { get; } = new(Part.Method, "method");

    /// <summary>The status label, <c>status</c>: see <see cref="Info.Status"/>.</summary>
    public static RequestLabel Status { get; } = new(Part.Status, "status");

    /// <summary>Its name.</summary>
    public string Name { get; private init; }

    /// <summary>Whether its value is known only when the request was answered.</summary>
    internal bool NeedsResponse => _part == Part.Status;

    /// <summary>Its value by allow-list; null when it has none.</summary>
    internal ListedValue? Listed { get; }

    /// <summary>A value that the route itself has, as <c>controller</c> and <c>action</c> have in MVC and <c>page</c> in Razor Pages; empty where it has none.</summary>
    /// <param name="key">The value's name, and that of the label.</param>
    /// <remarks>Parameters, which clients fill in, are no such values.</remarks>
    /// <exception cref="ArgumentException"><paramref name="key"/> is null or empty.</exception>
    public static RequestLabel RouteValue(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return new RequestLabel(Part.RouteValue, key, key);
    }

    /// <summary>A header of the request, where its value is in a list: clients choose headers, so there is no such label without a list.</summary>
    /// <param name="header">The header, in any case. The label has its name in lower case, <c>x_tenant</c> for <c>X-Tenant</c>; <see cref="As"/> gives it another.</param>
    /// <param name="allowed">The values that become labels, as they are written here: from 1 to 1,000. Requests have them in any case, and with blanks around.</param>
    /// <param name="other">The label of all other values. Empty text stands for no label, as readers of Prometheus's formats take it.</param>
    /// <remarks>
    /// <para>No such header is as an empty one: <paramref name="other"/>, unless <c>""</c> is in the list. Several of its name are one, joined by commas.</para>
    /// <para>Metrics read it when the request is done, the gauge of requests in progress when it begins. What is wrong with the arguments is an
    /// <see cref="InvalidConfigException"/> where the label is used, with all other errors.</para>
    /// </remarks>
    /// <example><code>new DefaultMetricsOptions { ExtraRequestLabels = [RequestLabel.Header("X-Tenant", ["acme", "globex"]).As("tenant")] }</code></example>
    public static RequestLabel Header(string header, ValueList<string> allowed, string other = "other") =>
        new(Part.Listed, NameOf(header), listed: new ListedValue(header ?? "", null, allowed, other));

    /// <summary>Anything else of a request, where its text is in a list: a claim of the user, the host, a value of the query.</summary>
    /// <param name="name">The label's name.</param>
    /// <param name="read">Reads the text, once for each request, from many threads; null is as empty text. What it throws is counted and logged as with metric functions, and the
    /// label is <paramref name="other"/>.</param>
    /// <param name="allowed">The texts that become labels, as they are written here: from 1 to 1,000. Requests have them in any case, and with blanks around.</param>
    /// <param name="other">The label of all other texts. Empty text stands for no label, as readers of Prometheus's formats take it.</param>
    /// <remarks>Metrics ask when the request is done, the gauge of requests in progress when it begins, when nobody knows the user yet. What is wrong with the arguments is an
    /// <see cref="InvalidConfigException"/> where the label is used, with all other errors.</remarks>
    /// <example><code>RequestLabel.From("plan", request => request.HttpContext().User.FindFirst("plan")?.Value, ["free", "pro"])</code></example>
    public static RequestLabel From(string name, Func<RequestView, string?> read, ValueList<string> allowed, string other = "other") =>
        new(Part.Listed, name, listed: new ListedValue(null, read, allowed, other));

    /// <summary>The same value under another name.</summary>
    /// <param name="name">The label's name: letters, digits and <c>_</c>, not starting with a digit or with <c>__</c>.</param>
    public RequestLabel As(string name) => this with { Name = name };

    /// <summary>Returns all errors but those of its name, each with the way to correct it.</summary>
    internal IEnumerable<string> Validate(string reserved) => Listed?.Validate(Name, reserved) ?? [];

    /// <summary>Its value. What an instrumentation worked out is taken; where none did, the request is read.</summary>
    internal string ValueOf(RequestLabels labels, RequestView request) => _part switch
    {
        Part.Handler => labels.Handler,
        Part.Method => labels.Method,
        Part.Status => labels.Status,
        Part.RouteValue => labels.RouteValue(_key!),
        _ => labels.Listed?.Of(Listed!) ?? Listed![Listed.IndexOf(request, out _)],
    };

    private static string NameOf(string? header) =>
        string.Concat((header ?? "").Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_'));
}
