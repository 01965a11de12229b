#pragma warning disable IDE0005 // Some projects import it for all files.
using Microsoft.Extensions.Logging;
#pragma warning restore IDE0005
using Microsoft.Extensions.Logging.Abstractions;

namespace Instrumentator.Shared;

/// <summary>A log that hands its entries to the test that reads them.</summary>
/// <param name="least">The least level of its entries.</param>
/// <param name="only">The only category of its entries; null for all.</param>
internal abstract class TestLog(LogLevel least = LogLevel.Trace, string? only = null) : ILoggerProvider
{
    private readonly LogLevel _least = least;

    public ILogger CreateLogger(string categoryName) =>
        only is null || only == categoryName ? new Category(this, categoryName) : NullLogger.Instance;

    public void Dispose() { }

    /// <summary>Receives an entry.</summary>
    protected abstract void Add(string category, LogLevel level, EventId id, string text, Exception? exception);

    private sealed class Category(TestLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= log._least;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                log.Add(name, logLevel, eventId, formatter(state, exception), exception);
        }
    }
}
