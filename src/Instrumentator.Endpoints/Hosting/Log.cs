using Microsoft.Extensions.Logging;

namespace Instrumentator;

/// <summary>The log messages, in the category <c>Instrumentator</c>. Event IDs never change.</summary>
internal static partial class Log
{
    [LoggerMessage(
        EventId = 1, EventName = "MetricFunctionFailed", Level = LogLevel.Error,
        Message = "The metric function {Function} {What} The request is not affected; "
            + "instrumentator_metric_function_errors_total counts this and all other failures. "
            + "{NotLogged} of this function were not logged since the last line: there is one a minute at the most.")]
    public static partial void MetricFunctionFailed(
        ILogger logger, string function, string what, long notLogged, Exception? exception);

    [LoggerMessage(
        EventId = 2, EventName = "ScrapeFailed", Level = LogLevel.Error,
        Message = "The metrics could not be rendered; the scrape was answered with 500.")]
    public static partial void ScrapeFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 3, EventName = "ScrapeTimedOut", Level = LogLevel.Warning,
        Message = "The metrics were not rendered in time; the scrape was answered with 503. "
            + "Something that the registry includes may hang.")]
    public static partial void ScrapeTimedOut(ILogger logger);

    [LoggerMessage(
        EventId = 9, EventName = "RequestLost", Level = LogLevel.Error,
        Message = "A request could not be recorded: its context threw when it was read. "
            + "The request is not affected. Further ones are not logged.")]
    public static partial void RequestLost(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 7, EventName = "ConfigurationChanged", Level = LogLevel.Information,
        Message = "The options changed; requests that begin now are measured by the new rules.")]
    public static partial void ConfigurationChanged(ILogger logger);

    [LoggerMessage(
        EventId = 8, EventName = "ConfigurationRefused", Level = LogLevel.Error,
        Message = "The options changed, but the new rules cannot be used; the old ones stay.")]
    public static partial void ConfigurationRefused(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 5, EventName = "HandlerLabelFailed", Level = LogLevel.Error,
        Message = "{Metadata} gave no handler label. Its endpoints have their route template for a label. "
            + "Further failures of this type are not logged.")]
    public static partial void HandlerLabelFailed(ILogger logger, Type metadata, Exception? exception);

    [LoggerMessage(
        EventId = 6, EventName = "MiddlewareBefore", Level = LogLevel.Warning,
        Message = "UseInstrumentator stands behind {Middleware}: "
            + "requests that they answer are not measured. {WayOut}")]
    public static partial void MiddlewareBefore(ILogger logger, string middleware, string wayOut);

    [LoggerMessage(
        EventId = 4, EventName = "SeriesLimitReached", Level = LogLevel.Warning,
        Message = "The metric {Metric} has reached its limit of {Limit} series: new label values share one series "
            + "whose values are _overflow, so totals stay right. instrumentator_series_dropped_total counts this and "
            + "all further ones, which are not logged. Take labels whose values clients choose from a closed set, "
            + "or raise the limit by Registry.LimitSeries.")]
    public static partial void SeriesLimitReached(ILogger logger, string metric, int limit);
}
