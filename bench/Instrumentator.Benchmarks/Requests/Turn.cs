using System.Runtime.CompilerServices;

namespace Instrumentator.Benchmarks;

/// <summary>An awaitable that its caller completes, on the same thread.</summary>
/// <remarks>It suspends a request as <c>Task.Yield</c> does, but without the thread pool: its queue costs more than
/// what is measured, and varies.</remarks>
internal sealed class Turn : ICriticalNotifyCompletion
{
    [ThreadStatic]
    private static Turn? _ofThread;

    private Action? _continue;

    /// <summary>The awaitable of this thread, for one wait at a time.</summary>
    public static Turn Next => _ofThread ??= new Turn();

    // Never, so that every await suspends.
    public bool IsCompleted => false;

    /// <summary>Runs the continuation of what waits.</summary>
    public static void End()
    {
        var waiting = Next._continue;
        Next._continue = null;
        waiting?.Invoke();
    }

    public Turn GetAwaiter() => this;

    public void GetResult() { }

    public void OnCompleted(Action continuation) => _continue = continuation;

    public void UnsafeOnCompleted(Action continuation) => _continue = continuation;
}
