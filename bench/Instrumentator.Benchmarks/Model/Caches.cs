namespace Instrumentator.Benchmarks;

/// <summary>The caches of up to 64 cores, without an end, and what goes from one to another (MESI): a line that is read while another core has changed it, or
/// written while another core has it.</summary>
internal sealed class Caches(int lines)
{
    // By line: which cores have it, a bit for each; and whether the only one that has it changed it.
    private readonly ulong[] _holders = new ulong[lines];
    private readonly bool[] _changed = new bool[lines];
    private readonly long[] _transfers = new long[lines];

    /// <summary>How often each line went from one core to another.</summary>
    public ReadOnlySpan<long> Transfers => _transfers;

    public void Read(int core, int line)
    {
        if ((_holders[line] & Bit(core)) != 0)
            return;
        if (_changed[line])
            _transfers[line]++;
        _changed[line] = false;
        _holders[line] |= Bit(core);
    }

    public void Write(int core, int line)
    {
        if ((_holders[line] & ~Bit(core)) != 0)
            _transfers[line]++;
        _changed[line] = true;
        _holders[line] = Bit(core);
    }

    /// <summary>Counts from 0 again. The caches stay as they are.</summary>
    public void ForgetTransfers() => Array.Clear(_transfers);

    private static ulong Bit(int core) => 1UL << core;
}
