namespace Instrumentator;

/// <summary>Runs each task on a new thread, and the continuations of its awaits as well. So code that blocks takes no
/// thread from the pool, which requests need.</summary>
internal sealed class OwnThreadScheduler : TaskScheduler
{
    /// <summary>Gets the only instance. It has no state.</summary>
    public static OwnThreadScheduler Instance { get; } = new();

    protected override void QueueTask(Task task) =>
        new Thread(() => TryExecuteTask(task)) { IsBackground = true }.UnsafeStart();

    // The pool's thread that completes what a task awaits would run the rest.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
