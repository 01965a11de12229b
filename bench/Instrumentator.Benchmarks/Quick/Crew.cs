using System.Diagnostics;

namespace Instrumentator.Benchmarks;

/// <summary>Runs work on threads that live until the process ends, and measures them together.</summary>
internal sealed class Crew
{
    // Where another program takes a core, threads run one after the other and do not contend. Such a batch is repeated.
    private const int MaxTries = 3;

    private readonly int _threads;
    private readonly int _lap;
    private readonly Barrier _barrier;
    private readonly long[] _started;
    private readonly long[] _ended;
    private Work[] _work = [];
    private int _operations;
    private int _arrived;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">The number of threads.</param>
    /// <param name="lap">The number of operations after which the work starts over.</param>
    public Crew(int threads, int lap)
    {
        (_threads, _lap, _barrier, _started, _ended) = (
            threads,
            lap,
            new Barrier(threads + 1),
            new long[threads],
            new long[threads]);
        for (var i = 0; i < threads; i++)
        {
            var index = i;
            new Thread(() => Loop(index)) { IsBackground = true }.Start();
        }
    }

    // Not timed: warms the caches. At least one lap, so that all data is touched.
    private int RunIn => Math.Max(_operations / 10, _lap);

    /// <summary>Runs the work of all threads at the same time.</summary>
    /// <param name="work">The work of each thread.</param>
    /// <param name="operations">The number of operations of each thread.</param>
    /// <returns>The cost of one operation: the mean time over the threads, and its share of all allocations
    /// meanwhile.</returns>
    public Cost Run(Work[] work, int operations)
    {
        (_work, _operations) = (work, operations);
        var best = RunOnce();
        for (var tries = 1; tries < MaxTries && best.Overlap < Cost.EnoughOverlap; tries++)
        {
            if (RunOnce() is var again && again.Overlap > best.Overlap)
                best = again;
        }
        return best;
    }

    private Cost RunOnce()
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        _barrier.SignalAndWait();
        _barrier.SignalAndWait();
        var bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
        var ticks = _ended.Zip(_started, (ended, started) => ended - started).Average();
        var overlap = (double)(_ended.Min() - _started.Max()) / (_ended.Max() - _started.Min());
        return new Cost(
            ticks * 1e9 / Stopwatch.Frequency / _operations,
            (double)bytes / _threads / (_operations + RunIn),
            overlap);
    }

    private void Loop(int index)
    {
        while (true)
        {
            _barrier.SignalAndWait();
            _work[index](RunIn);
            Meet();
            _started[index] = Stopwatch.GetTimestamp();
            _work[index](_operations);
            _ended[index] = Stopwatch.GetTimestamp();
            _barrier.SignalAndWait();
        }
    }

    // The barrier wakes one thread after the other. Spinning until all are awake lets them start at the same moment.
    private void Meet()
    {
        var last = (Interlocked.Increment(ref _arrived) + _threads - 1) / _threads * _threads;
        while (Volatile.Read(ref _arrived) < last)
        {
            if (_threads > Environment.ProcessorCount)
                Thread.Yield();
        }
    }
}
