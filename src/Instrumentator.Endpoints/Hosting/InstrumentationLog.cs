using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Instrumentator;

/// <summary>Logs the problems of a running instrumentation, and limits how often. Its methods never throw into a
/// request.</summary>
internal sealed class InstrumentationLog
{
    private readonly ILogger _logger;
    private readonly ConditionalWeakTable<Type, Type> _reportedLabels = [];
    private bool _hasLost;

    public InstrumentationLog(Registry registry, IServiceProvider services)
    {
        _logger = AppLogger.Of(services);
        RegistryLog.Watch(registry, services.GetService<ILoggerFactory>());
    }

    /// <summary>Logs the failure of a metric function. The caller limits how often.</summary>
    public void FunctionFailed(string function, FunctionFailure failure) =>
        Log.MetricFunctionFailed(_logger, function, failure.What, failure.NotLogged, failure.Exception);

    /// <summary>Logs the middleware that precedes ours, and the remedy.</summary>
    public void MiddlewareBefore((string Middleware, string Remedy) earlier) =>
        Log.MiddlewareBefore(_logger, earlier.Middleware, earlier.Remedy);

    /// <summary>Logs that routing precedes ours, so its failures are not recorded.</summary>
    public void RoutingBefore() => Log.RoutingBefore(_logger);

    /// <summary>Logs that another instrumentation of the app records in the same metrics.</summary>
    public void SharedMetrics() => Log.SharedMetrics(_logger);

    /// <summary>Logs that a counter has no room for the series of all known routes.</summary>
    public void SeriesOmitted(InitialSeries counter) =>
        Log.SeriesOmitted(_logger, counter.Omitted, counter.Added + counter.Omitted, counter.Name, counter.Limit);

    /// <summary>Logs that no series were added for known routes.</summary>
    public void SeriesNotInitialized(string reason, Exception? exception = null) =>
        Log.SeriesNotInitialized(_logger, reason, exception);

    /// <summary>Logs that a request could not be recorded: once, since the cause is how the app is built.</summary>
    public void RequestLost(Exception exception)
    {
        if (!Interlocked.Exchange(ref _hasLost, true))
            Log.RequestLost(_logger, exception);
    }

    /// <summary>Logs that metadata gave no handler label: once per type, since endpoints may be replaced while the app
    /// runs.</summary>
    public void HandlerLabelFailed(IHandlerLabelMetadata metadata, Exception? exception)
    {
        if (_reportedLabels.TryAdd(metadata.GetType(), metadata.GetType()))
            Log.HandlerLabelFailed(_logger, metadata.GetType(), exception);
    }
}
