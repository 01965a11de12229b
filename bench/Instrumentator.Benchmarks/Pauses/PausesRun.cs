namespace Instrumentator.Benchmarks;

/// <summary>How long requests are held up while another thread makes, writes and scrapes very many series.</summary>
internal static class PausesRun
{
    private const double Seconds = 5;
    private const int BytesKept = 256;

    public static void Run(int series)
    {
        WarmUp(Math.Min(series, 50_000));
        Console.Write(PausesTable.Of([.. Phases(series)]));
    }

    private static IEnumerable<PhaseCost> Phases(int series)
    {
        var kept = new object?[series];
        var crowd = new Crowd(series);
        yield return Measure(crowd, Spinning);
        yield return Measure(crowd, new Phase("keep", i => kept[i] = new byte[BytesKept], Times: series));
        Array.Clear(kept);
        yield return Measure(crowd, new Phase("register", crowd.Count, Times: series));
        yield return Measure(crowd, new Phase("observe", i => crowd.Count(i % series), Times: series, Seconds));
        yield return Measure(crowd, new Phase("scrape", _ => crowd.Scrape(), Times: 3, Seconds));
        Console.WriteLine(FormattableString.Invariant($"{series:N0} series, a scrape of {crowd.ScrapedBytes:N0} bytes"));
    }

    private static Phase Spinning => new("spin", _ => Thread.SpinWait(1_000), Times: 0, Seconds);

    // What earlier phases left to be collected is none of this one's.
    private static PhaseCost Measure(Crowd crowd, Phase phase)
    {
        GC.Collect();
        return phase.Run(_ => crowd.Request());
    }

    private static void WarmUp(int series)
    {
        var crowd = new Crowd(series);
        Phase[] phases =
        [
            new("requests", _ => Thread.SpinWait(1_000), Seconds: 2),
            new("register", crowd.Count, Times: series),
            new("observe", i => crowd.Count(i % series), Seconds: 1),
            new("scrape", _ => crowd.Scrape(), Seconds: 1),
        ];
        foreach (var phase in phases)
            Measure(crowd, phase);
    }
}
