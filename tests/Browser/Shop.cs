namespace Instrumentator.Browser;

/// <summary>A minute of a shop, second by second, whose numbers are known: 50 quiet seconds, then 10 busy ones in which
/// half of the orders fail.</summary>
internal static class Shop
{
    public static PageAppSetup Setup { get; } = new PageAppSetup().With(config => config with
    {
        InProgress = new() { Labels = true },
    });

    private static Traffic[] Quiet { get; } =
    [
        new("GET", "/products") { Times = 4, Seconds = 0.02, ResponseBytes = 1_000 },
        new("POST", "/orders") { Seconds = 0.3, RequestBytes = 200, ResponseBytes = 50 },
    ];

    private static Traffic[] Busy { get; } =
    [
        new("GET", "/products") { Times = 6, Seconds = 0.02, ResponseBytes = 1_000 },
        new("POST", "/orders") { Seconds = 0.3, RequestBytes = 200, ResponseBytes = 50 },
        new("POST", "/orders") { Seconds = 0.3, RequestBytes = 200, ResponseBytes = 50, Status = 500 },
    ];

    /// <summary>The requests of each second.</summary>
    public static IEnumerable<Traffic[]> Minute => Enumerable.Repeat(Quiet, 50).Concat(Enumerable.Repeat(Busy, 10));

    /// <summary>The durations of all requests of a minute.</summary>
    public static double[] Durations(Func<Traffic, bool> where) =>
    [
        .. Minute
            .SelectMany(second => second)
            .Where(where)
            .SelectMany(traffic => Enumerable.Repeat(traffic.Seconds, traffic.Times)),
    ];

    public static async Task SendMinuteAsync(PageApp app)
    {
        foreach (var second in Minute)
        {
            foreach (var traffic in second)
                await app.SendAsync(traffic);
            app.Pass();
        }
    }
}
