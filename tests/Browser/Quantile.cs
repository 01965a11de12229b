namespace Instrumentator.Browser;

/// <summary>What Prometheus would say about durations, computed from the durations themselves.</summary>
internal static class Quantile
{
    /// <summary>Returns <c>histogram_quantile</c> over a histogram with these upper bounds.</summary>
    public static double Of(IReadOnlyList<double> bounds, IReadOnlyCollection<double> durations, double quantile)
    {
        var rank = quantile * durations.Count;
        var bucket = Enumerable.Range(0, bounds.Count).FirstOrDefault(i => AtMost(bounds[i]) >= rank, bounds.Count);
        if (bucket == bounds.Count)
            return bounds[^1];
        var (lower, upper) = (bucket == 0 ? 0 : bounds[bucket - 1], bounds[bucket]);
        var before = bucket == 0 ? 0 : AtMost(lower);
        return lower + ((upper - lower) * (rank - before) / (AtMost(upper) - before));

        int AtMost(double bound) => durations.Count(duration => duration <= bound);
    }
}
