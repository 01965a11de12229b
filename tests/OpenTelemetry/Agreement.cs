namespace Instrumentator.OpenTelemetry.Tests;

/// <summary>Compares what both libraries recorded of the same requests.</summary>
/// <remarks>
/// Both read the same clock, ASP.NET Core a moment earlier at the start and a moment later at the end. So no duration
/// is longer here than there, and it is shorter by less than <see cref="MostLater"/>, which is far more than a busy
/// machine needs and far less than a wrong unit or a forgotten wait.
/// </remarks>
internal static class Agreement
{
    /// <summary>The most seconds by which a duration may be longer in ASP.NET Core's meter.</summary>
    private const double MostLater = 0.5;

    // ASP.NET Core truncates durations to 100 ns.
    private const double Truncated = 100e-9;

    /// <summary>Returns a line for each difference.</summary>
    public static string[] Mismatches(Scrape ours, Scrape theirs) =>
    [
        .. Differing("families", ours.Families, theirs.Families),
        .. Differing("gauges", Lines(ours.Values), Lines(theirs.Values)),
        .. Differing("requests", ours.Counts, theirs.Counts),
        .. from one in ours.Histograms
           where theirs.Histograms.ContainsKey(one.Key)
           from mismatch in Mismatches(one.Value, theirs.Histograms[one.Key])
           select $"{one.Key}: {mismatch}",
    ];

    /// <summary>Returns a line for each difference of two histograms.</summary>
    public static IEnumerable<string> Mismatches(ScrapedHistogram ours, ScrapedHistogram theirs)
    {
        if (!ours.Buckets.Keys.SequenceEqual(theirs.Buckets.Keys))
            yield return $"bounds {string.Join(' ', ours.Buckets.Keys)}, not {string.Join(' ', theirs.Buckets.Keys)}";
        foreach (var mismatch in DurationMismatches(ours, theirs))
            yield return mismatch;
    }

    /// <summary>Returns a line for each difference of the counts, the sums, and the buckets that both have.</summary>
    public static IEnumerable<string> DurationMismatches(ScrapedHistogram ours, ScrapedHistogram theirs)
    {
        if (ours.Count != theirs.Count)
            yield return FormattableString.Invariant($"count {ours.Count}, not {theirs.Count}");
        var later = theirs.Sum - ours.Sum;
        if (later < -Truncated * ours.Count || later > MostLater * ours.Count)
            yield return FormattableString.Invariant($"sum {ours.Sum}, not {theirs.Sum}");
        foreach (var (bound, count) in ours.Buckets)
        {
            // What is up to a bound there is so here, and what is well below it here is so there.
            var (least, most) = (AtMost(ours, bound - MostLater), count);
            if (theirs.Buckets.TryGetValue(bound, out var other) && (other < least || other > most))
                yield return FormattableString.Invariant($"{count} up to {bound} s, not {other}");
        }
    }

    // The requests that are certain to have taken no longer than that.
    private static double AtMost(ScrapedHistogram histogram, double seconds) =>
        histogram.Buckets.Where(bucket => bucket.Key <= seconds).Select(bucket => bucket.Value).LastOrDefault();

    private static IEnumerable<string> Lines(IReadOnlyDictionary<string, double> values) =>
        values.Select(one => FormattableString.Invariant($"{one.Key} {one.Value}"));

    private static IEnumerable<string> Differing(string what, IEnumerable<string> ours, IEnumerable<string> theirs) =>
        ours.Except(theirs).Select(line => $"{what}, ours only: {line}")
            .Concat(theirs.Except(ours).Select(line => $"{what}, theirs only: {line}"));
}
