namespace Instrumentator.Benchmarks;

/// <summary>A row of the result: medians over all rounds, and the quartiles of the time.</summary>
internal sealed record Row(
    string Name,
    int Threads,
    double Ns,
    double Ratio,
    double Bytes,
    double LowerNs,
    double UpperNs)
{
    public static Row Of(Series series, IEnumerable<Series> all)
    {
        var ns = Quantiles.Median(series.Ns);
        var limit = all.FirstOrDefault(other =>
            other.Case.Name == series.Case.Limit && other.Threads == series.Threads);
        return new Row(
            series.Case.Name,
            series.Threads,
            ns,
            limit is null ? 0 : ns / Quantiles.Median(limit.Ns),
            Quantiles.Median(series.Bytes),
            Quantiles.Of(series.Ns, 0.25),
            Quantiles.Of(series.Ns, 0.75));
    }
}
