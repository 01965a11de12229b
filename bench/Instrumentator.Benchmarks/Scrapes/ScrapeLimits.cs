namespace Instrumentator.Benchmarks;

/// <summary>Measures the least that a scrape can cost: copies the text of each line, and formats its number.</summary>
internal static class ScrapeLimits
{
    public static IEnumerable<Case> All =>
        Scrapes.Sizes.SelectMany(size =>
            new[]
            {
                Case.Whole(Name(size), Name(size), () => Prepared(Text(size))) with
                {
                    IsAlone = true,
                },
                Case.Whole(
                    $"limit-kept-{size}",
                    Name(size),
                    () => Side.Shared(Repeat(new KeptLines(Text(size)).Render))
                ) with
                {
                    IsAlone = true,
                },
            });

    public static IEnumerable<Case> Busy => Scrapes.Sizes.Select(size =>
    {
        var name = BusyName(size);
        return Case.Whole(name, name, () => Prepared(BusyRegistry.Create(size).ToText())) with { IsAlone = true };
    });

    public static string BusyName(int size) => $"limit-scrape-busy-{size}";

    public static string Name(int size) => $"limit-scrape-{size}";

    private static Side Prepared(string text) => Side.Shared(Repeat(new PreparedLines(text).Render));

    private static string Text(int size) => ShopRegistry.Create(size).ToText();

    private static Work Repeat(Func<int> render) => operations =>
    {
        for (var i = 0; i < operations; i++)
            render();
    };
}
