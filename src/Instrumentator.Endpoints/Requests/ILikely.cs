namespace Instrumentator;

/// <summary>What a request is recorded in if it is like most of its route. Structs, so that each kind is compiled for itself.</summary>
internal interface ILikely
{
    Route Route { get; }

    /// <summary>Its labels; null when they are not known.</summary>
    RequestLabels? Labels { get; }

    /// <inheritdoc cref="RequestLabels.Are"/>
    bool Are(string sent, int code);

    /// <summary>Whether others may be remembered in their place, where a request did not have them.</summary>
    bool MayChange { get; }

    /// <summary>Records a request that has them; false where more is measured than its duration and two sizes, or where its cells are not known.</summary>
    /// <param name="seconds">Its duration.</param>
    /// <param name="requestSize">The size of the request, in bytes.</param>
    /// <param name="responseSize">That of the response.</param>
    /// <param name="ended">When it ended, in ticks of the clock.</param>
    /// <param name="clock">The clock.</param>
    bool TryRecord(double seconds, long requestSize, long responseSize, long ended, TimeProvider clock);
}

/// <summary>Cells of this thread.</summary>
internal readonly struct LikelyOwn(OwnSeriesCells cells) : ILikely
{
    public Route Route => ((OwnLabels)cells.Labels!).Route;

    public RequestLabels? Labels => cells.Labels;

    public bool Are(string sent, int code) => cells.Are(sent, code);

    // Requests with these came often, so they stay.
    public bool MayChange => false;

    public bool TryRecord(double seconds, long requestSize, long responseSize, long ended, TimeProvider clock)
    {
        cells.Record(seconds, requestSize, responseSize);
        return true;
    }
}

/// <summary>The same where cells are far from the processor: nothing of them is read but their words.</summary>
/// <param name="cells">The cells.</param>
/// <param name="address">Where their words are.</param>
internal readonly struct LikelyFar(OwnSeriesCells cells, nint address) : ILikely
{
    public Route Route => ((OwnLabels)cells.Labels!).Route;

    public RequestLabels? Labels => cells.Labels;

    public bool Are(string sent, int code) => OwnSeries.At(address).Are(sent, code);

    public bool MayChange => false;

    public bool TryRecord(double seconds, long requestSize, long responseSize, long ended, TimeProvider clock)
    {
        OwnSeriesCells.Record(cells, address, seconds, requestSize, responseSize);
        return true;
    }
}

/// <summary>Cells of all threads.</summary>
internal readonly struct LikelyShared(SharedSeriesCells cells) : ILikely
{
    public Route Route => InUse.Route;

    public RequestLabels? Labels => cells.Labels;

    public bool Are(string sent, int code) => cells.Are(sent, code);

    public bool MayChange => true;

    private LabelsInUse InUse => (LabelsInUse)cells.Labels!;

    public bool TryRecord(double seconds, long requestSize, long responseSize, long ended, TimeProvider clock)
    {
        if (cells.AreOften(ended, clock.TimestampFrequency) && InUse.Take() is not null)
            cells.Outgrow();
        cells.Record(seconds, requestSize, responseSize);
        return true;
    }
}

/// <summary>Labels whose cells have to be asked for.</summary>
internal readonly struct Likely(Recorder recorder, Route route, RequestLabels? labels) : ILikely
{
    public Route Route => route;

    public RequestLabels? Labels => labels;

    public bool Are(string sent, int code) => labels is not null && labels.Are(sent, code);

    // They are asked for anew.
    public bool MayChange => false;

    public bool TryRecord(double seconds, long requestSize, long responseSize, long ended, TimeProvider clock)
    {
        var cells = recorder.UsualCellsOf(labels);
        if (cells is SharedSeriesCells { Labels: LabelsInUse } shared)
        {
            shared.Bring();
            return new LikelyShared(shared).TryRecord(seconds, requestSize, responseSize, ended, clock);
        }
        if (cells is not OwnSeriesCells own)
            return false;
        own.Record(seconds, requestSize, responseSize);
        return true;
    }
}
