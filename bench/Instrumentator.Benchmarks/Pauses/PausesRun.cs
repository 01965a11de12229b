namespace Instrumentator.Benchmarks;

/// <summary>Measures how long requests take while another thread creates, writes and scrapes very many
/// series.</summary>
internal static class PausesRun
{
    private const int BytesKept = 256;

    /// <summary>Runs all phases.</summary>
    /// <param name="series">The number of series.</param>
    /// <param name="seconds">The duration of the phases that have no end by themselves.</param>
    public static void Run(int series, double seconds)
    {
        WarmUp(Math.Min(series, 50_000), seconds / 5);
        Console.Write(PausesTable.Of([.. Phases(series, seconds)]));
    }

    private static IEnumerable<PhaseCost> Phases(int series, double seconds)
    {
        var kept = new object?[series];
        var crowd = new Crowd(series);
        yield return Measure(crowd, Spinning(seconds));
        yield return Measure(crowd, new Phase("keep", i => kept[i] = new byte[BytesKept], Times: series));
        Array.Clear(kept);
        yield return Measure(crowd, new Phase("register", crowd.Count, Times: series));
        yield return Measure(crowd, new Phase("observe", i => crowd.Count(i % series), Times: series, seconds));
        yield return Measure(crowd, new Phase("scrape", _ => crowd.Scrape(), Times: 3, seconds));
        Console.WriteLine(
            FormattableString.Invariant($"{series:N0} series, a scrape of {crowd.ScrapedBytes:N0} bytes"));
    }

    private static Phase Spinning(double seconds) => new("spin", _ => Thread.SpinWait(1_000), Times: 0, seconds);

    // The garbage of earlier phases does not belong to this one.
    private static PhaseCost Measure(Crowd crowd, Phase phase)
    {
        GC.Collect();
        return phase.Run(_ => crowd.Request());
    }

    private static void WarmUp(int series, double seconds)
    {
        var crowd = new Crowd(series);
        Phase[] phases =
        [
            Spinning(2 * seconds),
            new("register", crowd.Count, Times: series),
            new("observe", i => crowd.Count(i % series), Seconds: seconds),
            new("scrape", _ => crowd.Scrape(), Seconds: seconds),
        ];
        foreach (var phase in phases)
            Measure(crowd, phase);
    }
}
