using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>The cells that built-in metrics write a request with certain labels to. Sorted by kind: so a request is a few plain loops, and no step is called for each metric.</summary>
internal sealed class SeriesCells
{
    private readonly Counter[] _requests;
    private readonly Sizes[] _sizes;
    private readonly Durations[] _durations;

    public SeriesCells(ValueList<SeriesMetric> metrics, in Info info)
    {
        var cells = new Cell[metrics.Count];
        for (var i = 0; i < cells.Length; i++)
            cells[i] = metrics[i].FindSlow(info);
        var found = metrics.Zip(cells, (metric, cell) => (metric, cell)).ToArray();
        _requests = [.. cells.OfType<Counter>()];
        _sizes = [.. found.Where(one => one.cell is Summary).Select(one => new Sizes((Summary)one.cell, one.metric.What))];
        _durations = [.. found.Where(one => one.cell is Histogram).Select(one => new Durations((Histogram)one.cell, one.metric.What == Measured.SecondsToFirstByte, one.metric.OnlySuccess))];
    }

    public void Record(in Info info)
    {
        foreach (var counter in _requests)
            counter.Increment();
        foreach (var sizes in _sizes)
            sizes.Record(info);
        foreach (var durations in _durations)
            durations.Record(info);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly struct Sizes(Summary cell, Measured what)
    {
        public void Record(in Info info) => cell.Observe(what switch
        {
            Measured.RequestBytes => info.RequestSize,
            Measured.ResponseBytes => info.ResponseSize,
            _ => info.CombinedSize,
        });
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly struct Durations(Histogram cell, bool toFirstByte, bool onlySuccess)
    {
        public void Record(in Info info)
        {
            if (!onlySuccess || info.StatusCode is >= 200 and < 300)
                cell.Observe(toFirstByte ? info.DurationWithoutStreaming : info.Duration);
        }
    }
}
