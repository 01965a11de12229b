using System.Diagnostics;
using System.Runtime;

namespace Instrumentator.Benchmarks;

/// <summary>Measures the overhead of an operation over the bare one, one right after the other.</summary>
internal sealed class Gain(Crew crew, Work[] subject, Work[] bare) : IMeasurement
{
    // Shorter than a time slice, so most batches are not preempted, even on a machine with other work.
    private const double BatchNs = 2e6;

    private static readonly TimeSpan _quiet = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(8);

    private int _operations = 1;
    private bool _bareFirst;

    /// <summary>Runs until the JIT has compiled nothing for a while. By then, hot methods are in tier 1.</summary>
    public void WarmUp()
    {
        Calibrate();
        var (began, changed, compiled) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp(), 0L);
        while (Stopwatch.GetElapsedTime(changed) < _quiet && Stopwatch.GetElapsedTime(began) < _longest)
        {
            Measure();
            if (JitInfo.GetCompiledMethodCount() is var now && now != compiled)
                (changed, compiled) = (Stopwatch.GetTimestamp(), now);
        }
        Calibrate();
    }

    // The first one finds colder caches, so they take turns.
    public Cost Measure()
    {
        _bareFirst = !_bareFirst;
        var first = crew.Run(_bareFirst ? bare : subject, _operations);
        var second = crew.Run(_bareFirst ? subject : bare, _operations);
        return _bareFirst ? second - first : first - second;
    }

    private void Calibrate()
    {
        _operations = 1;
        while (crew.Run(subject, _operations).Ns * _operations < BatchNs)
            _operations *= 2;
    }
}
