using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>The same as <see cref="SeriesCells"/> where one thread alone writes to all of them: bare words, so that there is no reference to follow to each.</summary>
internal sealed class OwnSeriesCells : FoundCells
{
    private readonly Words _series;
    private readonly SeriesCells? _others;

    /// <summary>Cells of a thread.</summary>
    /// <param name="found">The cells.</param>
    /// <param name="labels">The labels; null where nobody asks.</param>
    /// <param name="series">Takes an <see cref="OwnSeries"/>.</param>
    public OwnSeriesCells(FoundCell[] found, RequestLabels? labels, Words series) : base(found, labels)
    {
        List<FoundCell> others = [.. found];
        _series = series;
        MemoryMarshal.Cast<long, OwnSeries>(_series.First(OwnSeries.Length))[0] = new OwnSeries(labels)
        {
            Requests = Take<CounterStripe>(Measured.One, others)?.Address ?? 0,
            RequestSizes = Take<SummaryStripe>(Measured.RequestBytes, others)?.Address ?? 0,
            ResponseSizes = Take<SummaryStripe>(Measured.ResponseBytes, others)?.Address ?? 0,
            CombinedSizes = Take<SummaryStripe>(Measured.CombinedBytes, others)?.Address ?? 0,
            Durations = new OwnDurations(Take<HistogramStripe>(Measured.Seconds, others, OwnDurations.HasRoomFor)),
            SameDurations = new OwnDurations(Take<HistogramStripe>(Measured.Seconds, others, OwnDurations.HasRoomFor)),
        };
        _others = others.Count > 0 ? new SeriesCells([.. others]) : null;
        IsUsual = _others is null;
    }

    /// <summary>Where the <see cref="OwnSeries"/> is. This keeps it, and what it leads to.</summary>
    public nint Address => _series.Address;

    public override void Record(in Info info)
    {
        Record(info.Duration, info.RequestSize, info.ResponseSize);
        _others?.Record(info);
    }

    /// <summary>Records a request of which nothing else <see cref="FoundCells.IsUsual">is measured</see>.</summary>
    public void Record(double seconds, long requestSize, long responseSize) => Record(this, Address, seconds, requestSize, responseSize);

    /// <summary>The same by its <see cref="Address"/>, where that is known: nothing of the cells is read.</summary>
    /// <remarks>Static, since .NET reads an object to make sure that there is one whose method can be called. Not inlined: so all registers are its own.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Record(OwnSeriesCells cells, nint address, double seconds, long requestSize, long responseSize)
    {
        OwnSeries.At(address).Record(seconds, requestSize, responseSize);
        GC.KeepAlive(cells);
    }
}
