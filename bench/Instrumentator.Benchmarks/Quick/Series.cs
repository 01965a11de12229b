namespace Instrumentator.Benchmarks;

/// <summary>What was measured for a case with so many threads, round by round.</summary>
internal sealed record Series(Case Case, int Threads)
{
    private readonly List<Cost> _costs = [];

    public IEnumerable<double> Ns => Good.Select(cost => cost.Ns);

    public IEnumerable<double> Bytes => Good.Select(cost => cost.Bytes);

    // The rounds in which the threads were there at once; on a machine that is too busy for it, the better half of them.
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
