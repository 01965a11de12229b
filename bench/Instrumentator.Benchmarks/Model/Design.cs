namespace Instrumentator.Benchmarks;

/// <summary>A way to record the five default metrics of requests to one endpoint.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Requests">What each core does for a request, one after the other.</param>
internal sealed record Design(string Name, Access[][] Requests)
{
    public const int MostCores = 64;

    /// <summary>After how many requests, of all cores together, one core reads all that is written; 0 for never.</summary>
    public int RequestsPerScrape { get; init; }

    public static Design[] All(int lineSize)
    {
        var stripes = new Design("stripes", ObservedLines.Of(App.Measured(it => it, Traffic.Usual), app => new Traffic { HasLength = true }.To(app), lineSize));
        return
        [
            new Design("looked up, locked", [.. Enumerable.Repeat(LookedUpLines.Request, MostCores)]),
            new Design("cells for all", ObservedLines.Of(new SharedCells(), cells => Side.Shared(cells.Record), lineSize)),
            stripes,
            stripes with { Name = "stripes, scraped", RequestsPerScrape = 10_000 },
        ];
    }
}
