using Microsoft.Extensions.Logging;

namespace Instrumentator;

/// <summary>The log messages, in the category <c>Instrumentator</c>. Event IDs never change.</summary>
internal static partial class Log
{
    private const string HowToMeasure =
        "Call app.UseInstrumentator() first of all middleware, or builder.Services.AddInstrumentatorStartupFilter(). "
        + "With Giraffe's instrument, use the same registry. If requests are not to be measured, set "
        + "ScrapeOptions.Registry.";

    [LoggerMessage(
        EventId = 1, EventName = "MetricFunctionFailed", Level = LogLevel.Error,
        Message = "The metric function {Function} {What} The request is not affected; "
            + "instrumentator_metric_function_errors_total counts all failures. "
            + "{NotLogged} earlier failures of this function were not logged: at most one is logged per minute.")]
    public static partial void MetricFunctionFailed(
        ILogger logger, string function, string what, long notLogged, Exception? exception);

    [LoggerMessage(
        EventId = 2, EventName = "ScrapeFailed", Level = LogLevel.Error,
        Message = "The metrics could not be rendered; the response to the scrape was 500. "
            + "{NotLogged} earlier failures were not logged: at most one is logged per minute.")]
    public static partial void ScrapeFailed(ILogger logger, long notLogged, Exception exception);

    [LoggerMessage(
        EventId = 3, EventName = "ScrapeTimedOut", Level = LogLevel.Warning,
        Message = "The metrics were not rendered in time; the response to the scrape was 503. "
            + "A collector that the registry includes may hang. "
            + "{NotLogged} earlier timeouts were not logged: at most one is logged per minute.")]
    public static partial void ScrapeTimedOut(ILogger logger, long notLogged);

    [LoggerMessage(
        EventId = 12, EventName = "ScrapeReaderTooSlow", Level = LogLevel.Warning,
        Message = "A reader of the metrics took its response too slowly, and its connection was closed: the timeout "
            + "was over, or another scrape needed its place or its memory. "
            + "{NotLogged} earlier ones were not logged: at most one is logged per minute.")]
    public static partial void ScrapeReaderTooSlow(ILogger logger, long notLogged);

    [LoggerMessage(
        EventId = 9, EventName = "RequestLost", Level = LogLevel.Error,
        Message = "A request could not be recorded because reading its HttpContext threw an exception. "
            + "The request is not affected. Further failures are not logged.")]
    public static partial void RequestLost(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 7, EventName = "ConfigurationChanged", Level = LogLevel.Information,
        Message = "The options changed. New requests are measured by the new rules.")]
    public static partial void ConfigurationChanged(ILogger logger);

    [LoggerMessage(
        EventId = 8, EventName = "ConfigurationRefused", Level = LogLevel.Error,
        Message = "The options changed, but the new rules are invalid. The old rules stay in effect.")]
    public static partial void ConfigurationRefused(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 16, EventName = "ConfigurationNeedsRestart", Level = LogLevel.Warning,
        Message = "The configuration changed {Keys}, which take effect when the app restarts. Until then, their old "
            + "values stay in effect.")]
    public static partial void ConfigurationNeedsRestart(ILogger logger, string keys);

    [LoggerMessage(
        EventId = 5, EventName = "HandlerLabelFailed", Level = LogLevel.Error,
        Message = "{Metadata} returned no handler label. Its endpoints keep their route template as label. "
            + "Further failures of this type are not logged.")]
    public static partial void HandlerLabelFailed(ILogger logger, Type metadata, Exception? exception);

    [LoggerMessage(
        EventId = 6, EventName = "MiddlewareBefore", Level = LogLevel.Warning,
        Message = "UseInstrumentator comes after {Middleware}: "
            + "requests that this middleware handles itself are not measured. {Remedy}")]
    public static partial void MiddlewareBefore(ILogger logger, string middleware, string remedy);

    [LoggerMessage(
        EventId = 10, EventName = "ClockFailed", Level = LogLevel.Error,
        Message = "The TimeProvider of the app failed. Requests are not affected. A timestamp that cannot be read is "
            + "taken to be the one before, so durations are too short; everything else is read from the system clock. "
            + "Further failures are not logged.")]
    public static partial void ClockFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 14, EventName = "SharedMetrics", Level = LogLevel.Warning,
        Message = "Two different instrumentations of this app record in the same metrics. A request that passes both "
            + "is recorded by the outer one alone, so that its metrics are not counted twice. To have both records, "
            + "give one of them another registry, or metrics with other names.")]
    public static partial void SharedMetrics(ILogger logger);

    [LoggerMessage(
        EventId = 15, EventName = "RoutingBefore", Level = LogLevel.Information,
        Message = "Routing runs before UseInstrumentator: a request whose routing fails, because two endpoints match "
            + "or a constraint throws an exception, is not measured. To measure it, call app.UseRouting() after "
            + "app.UseInstrumentator().")]
    public static partial void RoutingBefore(ILogger logger);

    [LoggerMessage(
        EventId = 25, EventName = "CallbackFailed", Level = LogLevel.Error,
        Message = "The callback {Callback} {What} The scrape goes on without it; "
            + "instrumentator_callback_errors_total counts all errors. "
            + "{NotLogged} earlier errors of this callback were not logged: at most one is logged per minute.")]
    public static partial void CallbackFailed(
        ILogger logger, string callback, string what, long notLogged, Exception? exception);

    [LoggerMessage(
        EventId = 17, EventName = "SeriesOmitted", Level = LogLevel.Warning,
        Message = "Config.InitializeSeries: {Omitted} of {All} series of {Metric} do not begin at 0, but with their "
            + "first request: together they would take more than half of its limit of {Limit} series. "
            + "To have all of them, raise the limit with Registry.LimitSeries.")]
    public static partial void SeriesOmitted(ILogger logger, int omitted, int all, string metric, int limit);

    [LoggerMessage(
        EventId = 23, EventName = "SeriesNotInitialized", Level = LogLevel.Warning,
        Message = "Config.InitializeSeries: series begin with their first request and not at 0, because {Reason}.")]
    public static partial void SeriesNotInitialized(ILogger logger, string reason, Exception? exception);

    [LoggerMessage(
        EventId = 11, EventName = "NotMeasured", Level = LogLevel.Warning,
        Message = "The metrics endpoint {Route} shows nothing: the app neither records requests in its registry nor "
            + "has metrics of its own there. " + HowToMeasure)]
    public static partial void NotMeasured(ILogger logger, string route);

    [LoggerMessage(
        EventId = 20, EventName = "OnlyOwnMetrics", Level = LogLevel.Information,
        Message = "The metrics endpoint {Route} shows metrics of the app itself, but no requests: the app does not "
            + "record them in its registry. " + HowToMeasure)]
    public static partial void OnlyOwnMetrics(ILogger logger, string route);

    [LoggerMessage(
        EventId = 13, EventName = "SwitchedOff", Level = LogLevel.Information,
        Message = "An instrumentation is off, since {Variable} {State}: it measures no request, and has no metrics "
            + "endpoint.")]
    public static partial void SwitchedOff(ILogger logger, string variable, string state);

    [LoggerMessage(
        EventId = 21, EventName = "SwitchNotOn", Level = LogLevel.Warning,
        Message = "An instrumentation is off, since {Variable} {State}: it measures no request, and has no metrics "
            + "endpoint. Set the variable to true to turn it on, or to false.")]
    public static partial void SwitchNotOn(ILogger logger, string variable, string state);

    [LoggerMessage(
        EventId = 19, EventName = "RegistryNotShown", Level = LogLevel.Information,
        Message = "An instrumentation of this app records in a registry that none of its metrics endpoints shows. To "
            + "show it, map another endpoint with ScrapeOptions.Registry, or use the same registry.")]
    public static partial void RegistryNotShown(ILogger logger);

    [LoggerMessage(
        EventId = 22, EventName = "PageNotShown", Level = LogLevel.Error,
        Message = "The live page {Page} is not shown, since outside Development somebody has to decide who may see it. "
            + "{WayOut}")]
    public static partial void PageNotShown(ILogger logger, string page, string wayOut);

    [LoggerMessage(
        EventId = 18, EventName = "PageReadingFailed", Level = LogLevel.Warning,
        Message = "A reading of the registry for the live page failed. The next one makes up for it. "
            + "{NotLogged} earlier failures were not logged: at most one is logged per minute.")]
    public static partial void PageReadingFailed(ILogger logger, long notLogged, Exception exception);

    [LoggerMessage(
        EventId = 4, EventName = "SeriesLimitReached", Level = LogLevel.Warning,
        Message = "The metric {Metric} has reached its limit of {Limit} series. New label values share one series "
            + "with the label values _overflow, so totals stay correct. instrumentator_series_dropped_total counts "
            + "this and further lookups, which are not logged. Use label values from a closed set, "
            + "or raise the limit with Registry.LimitSeries.")]
    public static partial void SeriesLimitReached(ILogger logger, string metric, int limit);
}
