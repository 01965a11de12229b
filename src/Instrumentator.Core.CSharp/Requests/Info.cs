using Instrumentator.Adapters;

namespace Instrumentator;

/// <summary>A finished request as metric functions receive it: its facts, with the rules of a <see cref="Config"/>
/// applied.</summary>
/// <remarks>
/// An immutable value; passing it on allocates nothing. <see cref="Request"/> and <see cref="Response"/> read the live
/// request, so they are valid until the metric function returns.
/// </remarks>
/// <example><code>
/// Metrics.From(info => languages.With(info.Request.Header("Accept-Language")).Increment())
/// </code></example>
public readonly record struct Info
{
    // A field of its own, not in an Exchange with the source: a nested struct is copied through memory that was just
    // written, and waits for it.
    private readonly ExchangeReader? _reader;

    /// <summary>Creates it with labels that already exist. The request path calls this.</summary>
    internal Info(RequestLabels labels, in RequestFacts facts, Config config)
        : this(
            labels,
            facts.StatusCode,
            DurationRule.Apply(facts.SecondsUntil(facts.EndedAt), config),
            facts.RequestSize,
            facts.ResponseSize,
            facts.Exchange)
    {
        DurationWithoutStreaming = facts.ResponseStartedAt is { } started
            ? DurationRule.Apply(facts.SecondsUntil(started), config)
            : 0;
        IsLongLived = facts.IsLongLived && config.LongLived is not null;
        Exception = facts.Exception;
    }

    /// <summary>Creates it for a request that ended normally and whose response was not observed.</summary>
    internal Info(
        RequestLabels labels, int statusCode, double duration, long? requestSize, long? responseSize, Exchange exchange)
    {
        Labels = labels;
        StatusCode = statusCode;
        Duration = duration;
        RequestSize = Math.Max(requestSize ?? 0, 0);
        ResponseSize = Math.Max(responseSize ?? 0, 0);
        (Source, _reader) = (exchange.Source, exchange.Reader);
    }

    /// <summary>The handler label: the route template, or the <see cref="Config.Untemplated"/> label of a request
    /// without one.</summary>
    public string Handler => Labels?.Handler ?? "none";

    /// <summary>The method label: a method of the closed set, or <c>_OTHER</c>. It is the method with which the request
    /// reached this library, even if middleware changes it afterwards.</summary>
    public string Method => Labels?.Method ?? MethodLabel.Other;

    /// <summary>The status label: <c>2xx</c>, or <c>200</c> if <see cref="Config.GroupStatusCodes"/> is off.</summary>
    public string Status => Labels?.Status ?? StatusLabel.Other;

    /// <summary>Returns a value of the route itself, such as <c>controller</c> or <c>action</c> in MVC, or empty text
    /// when the route has none.</summary>
    /// <param name="key">The name, in any case.</param>
    /// <remarks>Route parameters, which clients fill in, are not included: <see cref="Request"/> has them.</remarks>
    public string RouteValue(string key) => Labels?.RouteValue(key) ?? "";

    /// <summary>The status code that the client received.</summary>
    public int StatusCode { get; }

    /// <summary>The time from request start to end, in seconds, 0 or more.</summary>
    public double Duration { get; }

    /// <summary>The time from request start to response start, in seconds; 0 when no response started.</summary>
    public double DurationWithoutStreaming { get; }

    /// <summary>The size of the request body in bytes, 0 or more: its <c>Content-Length</c>, or 0 without one; with
    /// <see cref="BodySizes.Actual"/>, the bytes that were read.</summary>
    public long RequestSize { get; }

    /// <summary>The size of the response body in bytes, 0 or more: its <c>Content-Length</c>, or 0 without one; with
    /// <see cref="BodySizes.Actual"/>, the bytes that were written.</summary>
    public long ResponseSize { get; }

    /// <summary>The sum of both sizes, in bytes.</summary>
    public long CombinedSize => Combine(RequestSize, ResponseSize);

    /// <summary>Whether the client decided how long the request stayed open, so that no latency histogram observes it:
    /// see <see cref="Config.LongLived"/>.</summary>
    public bool IsLongLived { get; }

    /// <summary>The exception that escaped the app, if any.</summary>
    public Exception? Exception { get; }

    /// <summary>The request, for reading.</summary>
    public RequestView Request => new(new Exchange(Source, _reader));

    /// <summary>The response, for reading.</summary>
    public ResponseView Response => new(new Exchange(Source, _reader));

    /// <summary>The adapter's own object for the request, for example an <c>HttpContext</c>; null when there is
    /// none.</summary>
    public object? Source { get; }

    /// <summary>The labels that lead to this request, <c>trace_id</c> and <c>span_id</c> or those of
    /// <see cref="ExemplarOptions.Labels"/>, for exemplars of your own counters and histograms. Empty when
    /// <see cref="Config.Exemplars"/> is off or the request is not sampled.</summary>
    /// <example><code>
    /// Metrics.From(info => orders.With(info.RouteValue("country")).Increment(1, info.ExemplarLabels))
    /// </code></example>
    public ValueList<Label> ExemplarLabels => Exemplars?.LabelsOf(this) ?? [];

    /// <summary>The rule for exemplars of this request; null when it has none.</summary>
    internal RequestExemplars? Exemplars { get; init; }

    internal RequestLabels? Labels { get; }

    internal LabelSource LabelSource => new(Request, StatusCode, Exception);

    // The default value, which was not measured, has default labels.
    internal RequestLabels LabelsOrNone => Labels ?? new RequestLabels(Handler, Method, Status, []);

    /// <summary>Returns the sum of both sizes, limited to <see cref="long.MaxValue"/>.</summary>
    internal static long Combine(long requestSize, long responseSize) =>
        responseSize > long.MaxValue - requestSize ? long.MaxValue : requestSize + responseSize;

    /// <summary>Applies the rules to the facts. Returns null when the rules exclude the request.</summary>
    /// <param name="facts">The observed facts; any value is accepted.</param>
    /// <param name="config">The rules.</param>
    /// <remarks>
    /// Pure: the same input gives the same value. Total: it does not throw for any facts or values that the types
    /// allow; a pattern that does not compile (see <see cref="Config.Validate"/>) matches nothing.
    /// </remarks>
    public static Info? From(in RequestFacts facts, Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return HandlerLabel.Of(facts.Template, facts.Path, config) is { } handler
            ? new Info(
                new RequestLabels(
                    handler,
                    MethodLabel.Of(facts.Method, config),
                    StatusLabel.Of(facts.StatusCode, config),
                    facts.RouteValues ?? []),
                facts,
                config)
            : null;
    }
}
