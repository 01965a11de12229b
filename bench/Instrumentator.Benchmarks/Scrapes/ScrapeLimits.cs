namespace Instrumentator.Benchmarks;

/// <summary>The least that a scrape can cost: to copy the text of each line, and to write its number.</summary>
internal static class ScrapeLimits
{
    public static IEnumerable<Case> All => Scrapes.Sizes.Select(size =>
        Case.Whole(Name(size), Name(size), () => Side.Shared(Render(size))) with { IsAlone = true });

    public static string Name(int size) => $"limit-scrape-{size}";

    private static Work Render(int size)
    {
        var lines = new PreparedLines(PrometheusText.ToText(ShopRegistry.Create(size).Scrape()));
        return operations =>
        {
            for (var i = 0; i < operations; i++)
                lines.Render();
        };
    }
}
