namespace Instrumentator.Benchmarks;

/// <summary>What was measured for a case with so many threads, round by round.</summary>
internal sealed record Series(Case Case, int Threads)
{
    private readonly List<Cost> _costs = [];

    public IEnumerable<double> Ns => _costs.Select(cost => cost.Ns);

    public IEnumerable<double> Bytes => _costs.Select(cost => cost.Bytes);

    public void Add(Cost cost) => _costs.Add(cost);
}
