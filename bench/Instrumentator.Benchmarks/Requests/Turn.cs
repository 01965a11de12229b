using System.Runtime.CompilerServices;

namespace Instrumentator.Benchmarks;

/// <summary>A wait that the caller ends, on the same thread.</summary>
/// <remarks>It does to a request what <c>Task.Yield</c> does: the handler and all around it leave their stacks and go on later. But the thread pool has
/// no part in it, whose queue costs more than what is measured, and never the same.</remarks>
internal sealed class Turn : ICriticalNotifyCompletion
{
    [ThreadStatic]
    private static Turn? _ofThread;

    private Action? _continue;

    /// <summary>To be awaited. One thread has one at a time.</summary>
    public static Turn Next => _ofThread ??= new Turn();

    // Not yet: so that it really waits.
    public bool IsCompleted => false;

    /// <summary>Goes on with what waits, to its end.</summary>
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
