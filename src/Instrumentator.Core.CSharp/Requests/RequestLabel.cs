namespace Instrumentator;

/// <summary>A label whose value each request brings: from a closed or capped set, whatever clients send.</summary>
/// <remarks>Immutable, compared by value.</remarks>
/// <example><code>Metrics.Requests(new() { RequestLabels = [RequestLabel.Status.As("code"), RequestLabel.Method, RequestLabel.Handler.As("endpoint")] })</code></example>
public sealed record RequestLabel
{
    private readonly Part _part;
    private readonly string? _key;

    private RequestLabel(Part part, string name, string? key = null) => (_part, Name, _key) = (part, name, key);

    private enum Part
    {
        Handler,
        Method,
        Status,
        RouteValue,
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

    /// <summary>A value that the route itself has, as <c>controller</c> and <c>action</c> have in MVC and <c>page</c> in Razor Pages; empty where it has none.</summary>
    /// <param name="key">The value's name, and that of the label.</param>
    /// <remarks>Parameters, which clients fill in, are no such values.</remarks>
    /// <exception cref="ArgumentException"><paramref name="key"/> is null or empty.</exception>
    public static RequestLabel RouteValue(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return new RequestLabel(Part.RouteValue, key, key);
    }

    /// <summary>The same value under another name.</summary>
    /// <param name="name">The label's name: letters, digits and <c>_</c>, not starting with a digit or with <c>__</c>.</param>
    public RequestLabel As(string name) => this with { Name = name };

    internal string ValueOf(RequestLabels labels) => _part switch
    {
        Part.Handler => labels.Handler,
        Part.Method => labels.Method,
        Part.Status => labels.Status,
        _ => labels.RouteValue(_key!),
    };
}
