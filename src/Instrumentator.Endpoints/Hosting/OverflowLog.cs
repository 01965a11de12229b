using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Instrumentator;

/// <summary>Logs which metrics of an app are full, each once. As long as the app's log lives, and no longer.</summary>
internal sealed class OverflowLog(ILogger logger) : IOverflowWatcher
{
    // One for each app, however often it measures: a request's services are many, their log is one.
    private static readonly ConditionalWeakTable<ILoggerFactory, OverflowLog> _all = [];

    /// <summary>Begins to watch a registry, where the app has a log.</summary>
    public static void Watch(Registry registry, ILoggerFactory? loggers)
    {
        if (loggers is not null)
            registry.Watch(_all.GetValue(loggers, static factory => new OverflowLog(factory.CreateLogger("Instrumentator"))));
    }

    public void OnOverflow(string metric, int limit) => Log.SeriesLimitReached(logger, metric, limit);
}
