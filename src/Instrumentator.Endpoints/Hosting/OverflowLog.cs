using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Instrumentator;

/// <summary>Logs each full metric of an app once. It lives as long as the app's logger factory.</summary>
internal sealed class OverflowLog(ILogger logger) : IOverflowWatcher
{
    // One per app, however many instrumentations it has: scopes have many services, but one logger factory.
    private static readonly ConditionalWeakTable<ILoggerFactory, OverflowLog> _all = [];

    /// <summary>Starts to watch a registry if the app has a logger factory.</summary>
    public static void Watch(Registry registry, ILoggerFactory? loggers)
    {
        if (loggers is not null)
        {
            registry.Watch(_all.GetValue(
                loggers, static factory => new OverflowLog(factory.CreateLogger("Instrumentator"))));
        }
    }

    public void OnOverflow(string metric, int limit) => Log.SeriesLimitReached(logger, metric, limit);
}
