namespace Instrumentator.Benchmarks;

/// <summary>Cores that do requests at once. In each step one of them, at random, does its next access.</summary>
internal sealed class Simulation
{
    private const int RequestsBefore = 2_000;
    private const int Requests = 20_000;

    private readonly (int Line, bool Writes)[][] _requests;
    private readonly int[] _written;
    private readonly int _requestsPerScrape;
    private readonly Caches _caches;
    private readonly int[] _next;
    private readonly Random _random = new(1);
    private int _done;

    public Simulation(Design design, int cores)
    {
        var numbers = design.Requests.Take(cores).SelectMany(one => one).Select(access => access.Line).Distinct().Select((line, number) => (line, number)).ToDictionary();
        _requests = [.. design.Requests.Take(cores).Select(one => one.Select(access => (numbers[access.Line], access.Writes)).ToArray())];
        _written = [.. _requests.SelectMany(one => one).Where(access => access.Writes).Select(access => access.Line).Distinct()];
        (_requestsPerScrape, _caches, _next) = (design.RequestsPerScrape, new Caches(numbers.Count), new int[cores]);
    }

    /// <summary>How often lines went from one core to another, for each request: all of them, and the one that did so most often.</summary>
    public (double All, double Hottest) Run()
    {
        Run(RequestsBefore);
        _caches.ForgetTransfers();
        Run(Requests);
        long[] transfers = [.. _caches.Transfers];
        return ((double)transfers.Sum() / Requests, (double)transfers.Max() / Requests);
    }

    private void Run(int requests)
    {
        for (var end = _done + requests; _done < end;)
            Step(_random.Next(_requests.Length));
    }

    private void Step(int core)
    {
        var request = _requests[core];
        var (line, writes) = request[_next[core]];
        if (writes)
            _caches.Write(core, line);
        else
            _caches.Read(core, line);
        if (++_next[core] < request.Length)
            return;
        _next[core] = 0;
        _done++;
        if (_requestsPerScrape > 0 && _done % _requestsPerScrape == 0)
            Scrape(core);
    }

    private void Scrape(int core)
    {
        foreach (var line in _written)
            _caches.Read(core, line);
    }
}
