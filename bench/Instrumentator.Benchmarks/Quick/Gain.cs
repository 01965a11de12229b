using System.Diagnostics;
using System.Runtime;

namespace Instrumentator.Benchmarks;

/// <summary>What an operation costs beyond the bare one, which is measured in the same moment.</summary>
internal sealed class Gain(Crew crew, Work[] subject, Work[] bare) : IMeasurement
{
    // Shorter than a time slice: on a machine with other work, most batches then have their core for themselves.
    private const double BatchNs = 2e6;

    private static readonly TimeSpan _quiet = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(8);

    private int _operations = 1;
    private bool _bareFirst;

    /// <summary>Runs until the JIT has compiled nothing for a while: what is hot is in tier 1 by then.</summary>
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

    // What runs first finds colder caches: so they take turns.
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
