namespace Instrumentator;

/// <summary>What an app answers with that gives null for a task: it fails as it would without us, and is recorded so.</summary>
internal static class NoTask
{
    public static Exception Error() => new InvalidOperationException("Middleware or a handler of the app returned null in place of a task. Return Task.CompletedTask where there is nothing to wait for.");
}
