namespace Instrumentator;

/// <summary>The labels of a route, a method and a status: one set for all threads, and, where requests come often, one for each thread.</summary>
/// <remarks>What metric functions find for the labels of one thread is theirs alone to write, so it needs no lock prefix. Labels that are used now and then stay small.</remarks>
internal sealed class LabelsInUse(RequestLabels shared, StatusRange usual)
{
    private const int Often = 100;
    private const double WithinSeconds = 1;

    private Stripes<RequestLabels>? _byThread;

    // Threads that count at once may count once: it is no exact number.
    private int _uses;
    private long _since;

    /// <summary>The labels for this thread to use.</summary>
    /// <param name="facts">The request: it tells the time, so no clock is read.</param>
    public RequestLabels Mine(in RequestFacts facts) => Own ?? UseSlow(facts);

    /// <summary>Those that this thread alone writes to; null while requests do not come often.</summary>
    public RequestLabels? Own => _byThread?.Mine;

    /// <summary>Whether requests came often by now.</summary>
    public bool AreBusy => _byThread is not null;

    private RequestLabels UseSlow(in RequestFacts facts)
    {
        var uses = ++_uses;
        if (uses == 1)
            _since = facts.EndedAt;
        else if (uses >= Often)
            Consider(facts);
        return shared;
    }

    private void Consider(in RequestFacts facts)
    {
        if (facts.EndedAt - _since < facts.TicksPerSecond * WithinSeconds)
            Stripes.Make(ref _byThread, writer => shared.For(writer, usual));
        _uses = 0;
    }
}
