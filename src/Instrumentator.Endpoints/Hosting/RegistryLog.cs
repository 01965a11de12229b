using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Instrumentator;

/// <summary>Logs the events of registries: full metrics, and errors of callbacks. It lives as long as the app's logger
/// factory.</summary>
internal sealed class RegistryLog(ILogger logger) : IRegistryWatcher
{
    // One per app, however many instrumentations it has: scopes have many services, but one logger factory.
    private static readonly ConditionalWeakTable<ILoggerFactory, RegistryLog> _all = [];

    /// <summary>Starts to watch a registry if the app has a logger factory.</summary>
    public static void Watch(Registry registry, ILoggerFactory? loggers)
    {
        if (loggers is not null)
        {
            registry.Watch(_all.GetValue(
                loggers, static factory => new RegistryLog(factory.CreateLogger("Instrumentator"))));
        }
    }

    public void OnOverflow(string metric, int limit) => Log.SeriesLimitReached(logger, metric, limit);

    public void OnCallbackError(CallbackError error) =>
        Log.CallbackFailed(logger, error.Callback, error.What, error.NotLogged, error.Exception);
}
