using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>Whether requests come often.</summary>
/// <remarks>Threads that note one at once may count once: it is no exact number.</remarks>
[StructLayout(LayoutKind.Auto)]
internal struct Uses
{
    private const int Often = 100;
    private const double WithinSeconds = 1;

    private int _count;
    private long _since;

    /// <summary>Notes that there was one; true where they came often by now.</summary>
    /// <param name="now">When, in ticks of the clock.</param>
    /// <param name="ticksPerSecond">How many of them a second has.</param>
    public bool AreOften(long now, long ticksPerSecond)
    {
        var count = ++_count;
        if (count == 1)
            _since = now;
        return count >= Often && WereOften(now - _since, ticksPerSecond);
    }

    private bool WereOften(long taken, long ticksPerSecond)
    {
        _count = 0;
        return taken < ticksPerSecond * WithinSeconds;
    }
}
