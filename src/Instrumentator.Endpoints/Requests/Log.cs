using Microsoft.Extensions.Logging;

namespace Instrumentator;

/// <summary>What is logged, under the category <c>Instrumentator</c>. Event ids stay as they are.</summary>
internal static partial class Log
{
    [LoggerMessage(
        EventId = 1, EventName = "MetricFunctionFailed", Level = LogLevel.Error,
        Message = "The metric function {Function} {What} The request is not affected; instrumentator_metric_function_errors_total counts this and all other failures. {NotLogged} of this function were not logged since the last line: there is one a minute at the most.")]
    public static partial void MetricFunctionFailed(ILogger logger, string function, string what, long notLogged, Exception? exception);

    [LoggerMessage(EventId = 2, EventName = "ScrapeFailed", Level = LogLevel.Error, Message = "The metrics could not be rendered; the scrape was answered with 500.")]
    public static partial void ScrapeFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3, EventName = "ScrapeTimedOut", Level = LogLevel.Warning, Message = "The metrics were not rendered in time; the scrape was answered with 503. Something that the registry includes may hang.")]
    public static partial void ScrapeTimedOut(ILogger logger);

    [LoggerMessage(
        EventId = 4, EventName = "SeriesLimitReached", Level = LogLevel.Warning,
        Message = "The metric {Metric} has reached its limit of {Limit} series: new label values share one series whose values are _overflow, so totals stay right. instrumentator_series_dropped_total counts this and all further ones, which are not logged. Take labels whose values clients choose from a closed set, or raise the limit by Registry.LimitSeries.")]
    public static partial void SeriesLimitReached(ILogger logger, string metric, int limit);
}
