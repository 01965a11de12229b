namespace Instrumentator;

/// <summary>One finished request as metric functions get it: facts after the rules of a <see cref="Config"/>.</summary>
/// <remarks>
/// An immutable value; passing it on allocates nothing. <see cref="Request"/> and <see cref="Response"/> read the live request,
/// so they are good until the metric function returns.
/// </remarks>
/// <example><code>Metrics.From(info => languages.With(info.Request.Header("Accept-Language")).Increment())</code></example>
public readonly record struct Info
{
    // By itself, and not in an Exchange with the source: a struct inside of this one is copied through memory that was just written, and waits for it.
    private readonly ExchangeReader? _reader;

    /// <summary>The same with labels that were worked out before: what the request path calls.</summary>
    internal Info(RequestLabels labels, in RequestFacts facts, Config config)
        : this(labels, facts.StatusCode, DurationRule.Apply(facts.SecondsUntil(facts.EndedAt), config), facts.RequestSize, facts.ResponseSize, facts.Exchange)
    {
        DurationWithoutStreaming = facts.ResponseStartedAt is { } started ? DurationRule.Apply(facts.SecondsUntil(started), config) : 0;
        IsLongLived = facts.IsLongLived && config.LongLived is not null;
        Exception = facts.Exception;
    }

    /// <summary>The same of a request that ended as it should, and whose response nobody watched.</summary>
    internal Info(RequestLabels labels, int statusCode, double duration, long? requestSize, long? responseSize, Exchange exchange)
    {
        Labels = labels;
        StatusCode = statusCode;
        Duration = duration;
        RequestSize = Math.Max(requestSize ?? 0, 0);
        ResponseSize = Math.Max(responseSize ?? 0, 0);
        (Source, _reader) = (exchange.Source, exchange.Reader);
    }

    /// <summary>The handler label: the route template, or what <see cref="Config.Untemplated"/> makes of a request without one.</summary>
    public string Handler => Labels?.Handler ?? "none";

    /// <summary>The method label: a method of the closed set, or <c>_OTHER</c>.</summary>
    public string Method => Labels?.Method ?? MethodLabel.Other;

    /// <summary>The status label: <c>2xx</c>, or <c>200</c> where <see cref="Config.GroupStatusCodes"/> is off.</summary>
    public string Status => Labels?.Status ?? StatusLabel.Other;

    /// <summary>A value that the route itself has, as <c>controller</c> and <c>action</c> have in MVC; empty where it has none.</summary>
    /// <param name="key">Its name, in any case.</param>
    /// <remarks>Parameters, which clients fill in, are no such values: <see cref="Request"/> has them.</remarks>
    public string RouteValue(string key) => Labels?.RouteValue(key) ?? "";

    /// <summary>The status that the client got.</summary>
    public int StatusCode { get; }

    /// <summary>From the request's start to its end, in seconds, 0 or more.</summary>
    public double Duration { get; }

    /// <summary>From the request's start to the start of the response, in seconds; 0 when no response began.</summary>
    public double DurationWithoutStreaming { get; }

    /// <summary>The size of the request's body in bytes, 0 or more: its <c>Content-Length</c>, or 0 without one; with <see cref="BodySizes.Actual"/>, what was really read.</summary>
    public long RequestSize { get; }

    /// <summary>The size of the response's body in bytes, 0 or more: its <c>Content-Length</c>, or 0 without one; with <see cref="BodySizes.Actual"/>, what was really written.</summary>
    public long ResponseSize { get; }

    /// <summary>Both sizes together, in bytes.</summary>
    public long CombinedSize => Combine(RequestSize, ResponseSize);

    /// <summary>Whether it was open as long as its client liked, so that no histogram of latencies observes it: see <see cref="Config.LongLived"/>.</summary>
    public bool IsLongLived { get; }

    /// <summary>The exception that left the app, if one did.</summary>
    public Exception? Exception { get; }

    /// <summary>The request, to be read.</summary>
    public RequestView Request => new(new Exchange(Source, _reader));

    /// <summary>The response, to be read.</summary>
    public ResponseView Response => new(new Exchange(Source, _reader));

    /// <summary>The adapter's own object for the request, an <c>HttpContext</c> for one; null where there is none.</summary>
    public object? Source { get; }

    /// <summary>The labels that lead to this request, <c>trace_id</c> and <c>span_id</c> or those of <see cref="ExemplarOptions.Labels"/>: for exemplars of one's own counters and histograms.
    /// Empty where <see cref="Config.Exemplars"/> is off, or the request is not sampled.</summary>
    /// <example><code>Metrics.From(info => orders.With(info.RouteValue("country")).Increment(1, info.ExemplarLabels))</code></example>
    public ValueList<Label> ExemplarLabels => Exemplars?.LabelsOf(this) ?? [];

    /// <summary>Makes exemplars of it; null where it has none.</summary>
    internal RequestExemplars? Exemplars { get; init; }

    internal RequestLabels? Labels { get; }

    // That of the default value, which nobody measured.
    internal RequestLabels LabelsOrNone => Labels ?? new RequestLabels(Handler, Method, Status, []);

    /// <summary>Both sizes together: no more than a number can tell.</summary>
    internal static long Combine(long requestSize, long responseSize) => responseSize > long.MaxValue - requestSize ? long.MaxValue : requestSize + responseSize;

    /// <summary>What the rules make of the facts; null when they say that the request leaves no trace.</summary>
    /// <param name="facts">What was seen; anything goes.</param>
    /// <param name="config">The rules.</param>
    /// <remarks>
    /// Pure: the same input gives the same value. Total: no facts and no values that the types allow make it throw; a pattern
    /// that does not compile (see <see cref="Config.Validate"/>) matches nothing.
    /// </remarks>
    public static Info? From(in RequestFacts facts, Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return HandlerLabel.Of(facts.Template, facts.Path, config) is { } handler
            ? new Info(new RequestLabels(handler, MethodLabel.Of(facts.Method, config), StatusLabel.Of(facts.StatusCode, config), facts.RouteValues ?? []), facts, config)
            : null;
    }
}
