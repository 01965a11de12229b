namespace Instrumentator.Benchmarks;

/// <summary>The default metrics on a thread without stripes, whose additions all go to shared numbers.</summary>
internal static class QuietRequests
{
    // As many as there are slots for busy threads.
    private const int MinThreads = 16;
    private const int ThreadsPerProcessor = 4;

    // A thread takes its slot after about 1,000 additions within a second.
    private const int Increments = 10_000;

    public static IEnumerable<Case> All => [Quiet(App.Request("quiet", it => it))];

    private static Case Quiet(Case usual) => usual with
    {
        IsAlone = true,
        Prepare = threads =>
        {
            TakeSlots(Math.Max(MinThreads, ThreadsPerProcessor * Environment.ProcessorCount));
            return usual.Prepare(threads);
        },
    };

    /// <summary>Starts busy threads that take all slots and keep them until the process ends.</summary>
    private static void TakeSlots(int slots)
    {
        var counters = new Registry().Counter("busy_total", "Increments by thread.", "thread");
        var ready = new Barrier(slots + 1);
        for (var i = 0; i < slots; i++)
        {
            var counter = counters.With($"{i}");
            new Thread(() => TakeSlot(counter, ready)) { IsBackground = true }.Start();
        }
        ready.SignalAndWait();
    }

    private static void TakeSlot(Counter counter, Barrier ready)
    {
        for (var i = 0; i < Increments; i++)
            counter.Increment();
        ready.SignalAndWait();
        Thread.Sleep(Timeout.Infinite);
    }
}
