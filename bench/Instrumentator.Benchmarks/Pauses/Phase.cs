using System.Diagnostics;

namespace Instrumentator.Benchmarks;

/// <summary>What another thread does while requests are sent.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Do">Does it once; gets how many times it did it before.</param>
/// <param name="Times">How many times at the least.</param>
/// <param name="Seconds">And for how long.</param>
internal sealed record Phase(string Name, Action<long> Do, long Times = 0, double Seconds = 0)
{
    /// <summary>Sends requests, on this thread, until the other one is done.</summary>
    public PhaseCost Run(Action<long> request)
    {
        var before = Collected.Now();
        var other = Task.Factory.StartNew(RepeatAlone, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var requests = Benchmarks.Times.Of(request, _ => !other.IsCompleted);
        return new PhaseCost(Name, requests, other.GetAwaiter().GetResult(), Collected.Now() - before);
    }

    private Times RepeatAlone()
    {
        var began = Stopwatch.GetTimestamp();
        return Benchmarks.Times.Of(Do, done => done < Times || Stopwatch.GetElapsedTime(began).TotalSeconds < Seconds);
    }
}

/// <summary>What was found in a phase.</summary>
internal sealed record PhaseCost(string Name, Times Requests, Times Others, Collected Collected);
