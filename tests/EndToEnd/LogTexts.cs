using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Instrumentator.EndToEnd;

/// <summary>Keeps the texts of log lines, each with the message of its exception.</summary>
internal sealed class LogTexts : ConcurrentQueue<string>, ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        Enqueue(exception is null ? formatter(state, null) : $"{formatter(state, exception)} {exception.Message}");

    public void Dispose() { }
}
