using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Instrumentator;

/// <summary>The logger of an app's services in the category <c>Instrumentator</c>, which never throws: a log that fails
/// must not affect a request.</summary>
internal sealed class AppLogger(ILogger logger) : ILogger
{
    /// <summary>Returns the logger of an app; one that discards everything if it has no services or no log.</summary>
    public static ILogger Of(IServiceProvider? services)
    {
        try
        {
            return services?.GetService<ILoggerFactory>() is { } factory
                ? new AppLogger(factory.CreateLogger("Instrumentator"))
                : NullLogger.Instance;
        }
#pragma warning disable CA1031 // An app that stops may have disposed its services.
        catch (Exception)
#pragma warning restore CA1031
        {
            return NullLogger.Instance;
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        try
        {
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
#pragma warning disable CA1031, RCS1075 // There is nobody left to tell.
        catch (Exception)
#pragma warning restore CA1031, RCS1075
        {
        }
    }
}
