using System.Collections;
using System.Collections.Concurrent;
using Instrumentator.Shared;
using Microsoft.Extensions.Logging;

namespace Instrumentator.EndToEnd;

/// <summary>Keeps the texts of log lines, each with the message of its exception.</summary>
internal sealed class LogTexts : TestLog, IReadOnlyCollection<string>
{
    private readonly ConcurrentQueue<string> _texts = new();

    public int Count => _texts.Count;

    public IEnumerator<string> GetEnumerator() => _texts.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    protected override void Add(string category, LogLevel level, EventId id, string text, Exception? exception) =>
        _texts.Enqueue(exception is null ? text : $"{text} {exception.Message}");
}
