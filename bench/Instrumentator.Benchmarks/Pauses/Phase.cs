using System.Diagnostics;

namespace Instrumentator.Benchmarks;

/// <summary>A phase: the work of another thread while requests are sent.</summary>
/// <param name="Name">The name of the phase.</param>
/// <param name="Do">Runs the work once; gets the number of earlier times.</param>
/// <param name="Times">The least number of times.</param>
/// <param name="Seconds">The least duration.</param>
internal sealed record Phase(string Name, Action<long> Do, long Times = 0, double Seconds = 0)
{
    /// <summary>Sends requests on this thread until the other one is done.</summary>
    public PhaseCost Run(Action<long> request)
    {
        var before = Collected.Now();
        var other = Task.Factory.StartNew(
            RepeatAlone,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var requests = Benchmarks.Times.Of(request, _ => !other.IsCompleted);
        return new PhaseCost(Name, requests, other.GetAwaiter().GetResult(), Collected.Now() - before);
    }

    private Times RepeatAlone()
    {
        var began = Stopwatch.GetTimestamp();
        return Benchmarks.Times.Of(Do, done => done < Times || Stopwatch.GetElapsedTime(began).TotalSeconds < Seconds);
    }
}

/// <summary>The result of a phase.</summary>
internal sealed record PhaseCost(string Name, Times Requests, Times Others, Collected Collected);
