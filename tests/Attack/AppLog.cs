using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Instrumentator.Attack;

/// <summary>Keeps what is logged as an error and was not done on purpose: by the app's handlers, or by clients that
/// went away.</summary>
internal sealed class AppLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _errors = new();

    public IReadOnlyCollection<string> Errors => _errors;

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _errors);

    public void Dispose() { }

    private sealed class Logger(string category, ConcurrentQueue<string> errors) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (
                IsEnabled(logLevel)
                && !(category != "Instrumentator" && (IsExpected(exception) || IsKestrels(category, exception))))
            {
                errors.Enqueue($"{category} {formatter(state, exception)} {exception}");
            }
        }

        // A handler gave up reading a body, as its client was gone, and the server drains it while that reading has not
        // ended: none of ours is in there.
        private static bool IsKestrels(string category, Exception? exception) =>
            category.StartsWith("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal)
            && exception is { Message: "Reading is already in progress." }
            && exception.StackTrace?.Contains("Instrumentator", StringComparison.Ordinal) == false;

        private static bool IsExpected(Exception? exception) =>
            exception
                is DeliberateException
                    or BadHttpRequestException
                    or OperationCanceledException
                    or IOException
                    or InvalidDataException;
    }
}
