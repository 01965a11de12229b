namespace Instrumentator;

/// <summary>The labels of a route, a method and a status, for all threads; and, where requests come often, the same for each thread.</summary>
/// <remarks>What metric functions find for the labels of one thread is theirs alone to write, so it needs no lock prefix. Labels that are used now and then stay small.</remarks>
internal sealed class LabelsInUse(Route route, string handler, string method, string status, ValueList<Label> routeValues, ListedTexts? listed, StatusRange usual)
    : RequestLabels(handler, method, status, routeValues, listed, usual)
{
    private OwnLabels?[]? _byThread;

    private Uses _uses;

    public Route Route => route;

    /// <summary>The labels for this thread to use, of which it is noted that they are used.</summary>
    /// <param name="facts">The request: it tells the time, so no clock is read.</param>
    public RequestLabels Mine(in RequestFacts facts)
    {
        if (Own is { } own)
            return own;
        Use(facts.EndedAt, facts.TicksPerSecond);
        return this;
    }

    /// <summary>The same before anybody knows whether they will be used: <see cref="Use"/> is to be told of it where they are for all threads.</summary>
    public RequestLabels Expected => (RequestLabels?)Own ?? this;

    /// <summary>Whether requests came often by now.</summary>
    public bool AreBusy => _byThread is not null;

    private OwnLabels? Own => _byThread is { } labels ? Stripes.Mine(labels) ?? Take() : null;

    /// <summary>Notes that a request has these labels.</summary>
    /// <param name="now">When, in ticks of the clock.</param>
    /// <param name="ticksPerSecond">How many of them a second has.</param>
    public void Use(long now, long ticksPerSecond)
    {
        if (_uses.AreOften(now, ticksPerSecond))
            Take();
    }

    /// <summary>From now on each thread has its own, as requests come often.</summary>
    public OwnLabels? Take() => Stripes.Take(ref _byThread, Writer.Number, this, static (labels, writer) => new OwnLabels(labels.Route, labels, writer));
}
