namespace Instrumentator.Benchmarks;

/// <summary>An empty family in a registry that has no other.</summary>
/// <param name="Add">Adds the series of these labels; returns its cell.</param>
/// <param name="Scrape">Scrapes the registry once.</param>
internal sealed record GrowingFamily(AddSeries Add, Action Scrape)
{
    public static readonly string[] Labels = ["handler", "method", "status"];
}

/// <summary>Adds the series of these labels; returns its cell.</summary>
internal delegate object AddSeries(string handler, string method, string status);
