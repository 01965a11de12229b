namespace Instrumentator.Properties;

/// <summary>Runs code on several threads at once.</summary>
internal static class Threads
{
    /// <summary>Runs code on each thread. When all are done, throws the exceptions of all threads.</summary>
    /// <param name="count">The number of threads.</param>
    /// <param name="body">The code, called with the index of its thread.</param>
    /// <param name="meanwhile">Runs repeatedly on another thread until all are done, and once more after that.</param>
    public static void Run(int count, Action<int> body, Action? meanwhile = null)
    {
        var failures = new List<Exception>();
        using var start = new Barrier(count);
        var running = count;
        var threads = Enumerable.Range(0, count).Select(number => new Thread(() => Guarded(failures, () =>
        {
            start.SignalAndWait();
            try
            {
                body(number);
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }))).ToList();
        if (meanwhile is not null)
        {
            threads.Add(new Thread(
                () => Guarded(failures, () => Repeat(meanwhile, () => Volatile.Read(ref running) > 0))));
        }

        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (failures.Count > 0)
            throw new AggregateException(failures);
    }

    private static void Repeat(Action action, Func<bool> goesOn)
    {
        while (goesOn())
            action();
        action();
    }

    private static void Guarded(List<Exception> failures, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            lock (failures)
                failures.Add(e);
        }
    }
}
