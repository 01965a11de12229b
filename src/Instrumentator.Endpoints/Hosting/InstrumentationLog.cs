using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Instrumentator;

/// <summary>What an instrumentation that runs in an app logs, and how often. Its methods never throw into a
/// request.</summary>
internal sealed class InstrumentationLog
{
    private readonly ILogger _logger;
    private readonly ConditionalWeakTable<Type, Type> _reportedLabels = [];
    private bool _hasLost;

    public InstrumentationLog(Registry registry, IServiceProvider services)
    {
        var loggers = services.GetService<ILoggerFactory>();
        _logger = loggers?.CreateLogger("Instrumentator") ?? NullLogger.Instance;
        OverflowLog.Watch(registry, loggers);
    }

    /// <summary>Logs what went wrong with a metric function. The caller limits how often, and ignores what a logger
    /// throws.</summary>
    public void FunctionFailed(string function, FunctionFailure failure) =>
        Log.MetricFunctionFailed(_logger, function, failure.What, failure.NotLogged, failure.Exception);

    /// <summary>Logs the middleware that stands before the one that records, and what to do.</summary>
    public void MiddlewareBefore((string Middleware, string WayOut) earlier) =>
        Log.MiddlewareBefore(_logger, earlier.Middleware, earlier.WayOut);

    /// <summary>Logs that a request could not be recorded: once, since it is a matter of how an app is made.</summary>
    public void RequestLost(Exception exception)
    {
        if (!Interlocked.Exchange(ref _hasLost, true))
            Log.RequestLost(_logger, exception);
    }

    /// <summary>Logs that metadata gave no handler label: once for each type, since endpoints may be replaced while the
    /// app runs.</summary>
    public void HandlerLabelFailed(IHandlerLabelMetadata metadata, Exception? exception)
    {
        if (!_reportedLabels.TryAdd(metadata.GetType(), metadata.GetType()))
            return;
        try
        {
            Log.HandlerLabelFailed(_logger, metadata.GetType(), exception);
        }
#pragma warning disable CA1031, RCS1075 // A logger that fails is no concern of the request.
        catch (Exception)
#pragma warning restore CA1031, RCS1075
        {
        }
    }
}
