namespace Instrumentator.Benchmarks;

/// <summary>The costs of a case with a number of threads, round by round.</summary>
internal sealed record Series(Case Case, int Threads)
{
    private readonly List<Cost> _costs = [];

    public IEnumerable<double> Ns => Good.Select(cost => cost.Ns);

    public IEnumerable<double> Bytes => Good.Select(cost => cost.Bytes);

    // The rounds in which the threads ran at the same time. Where the machine was too busy for that, the better half of
    // all rounds.
    private IEnumerable<Cost> Good
    {
        get
        {
            var overlap = Math.Min(Cost.EnoughOverlap, Quantiles.Median(_costs.Select(cost => cost.Overlap)));
            return _costs.Where(cost => cost.Overlap >= overlap);
        }
    }

    public void Add(Cost cost) => _costs.Add(cost);
}
