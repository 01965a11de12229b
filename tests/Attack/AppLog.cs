using System.Collections.Concurrent;
using Instrumentator.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Instrumentator.Attack;

/// <summary>Keeps what is logged as an error and was not done on purpose: by the app's handlers, or by clients that
/// went away.</summary>
internal sealed class AppLog() : TestLog(LogLevel.Error)
{
    private readonly ConcurrentQueue<string> _errors = new();

    public IReadOnlyCollection<string> Errors => _errors;

    protected override void Add(string category, LogLevel level, EventId id, string text, Exception? exception)
    {
        if (category == "Instrumentator" || !(IsExpected(exception) || IsKestrels(category, exception)))
            _errors.Enqueue($"{category} {text} {exception}");
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
