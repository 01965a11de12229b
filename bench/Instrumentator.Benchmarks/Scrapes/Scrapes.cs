using System.Buffers;
using System.Reflection;

namespace Instrumentator.Benchmarks;

/// <summary>Measures a whole scrape as the metrics endpoint does it, from the registry to bytes, in every
/// format.</summary>
internal static class Scrapes
{
    public static readonly int[] Sizes = [100, 10_000, 100_000];

    // With more, OpenTelemetry drops series by default, and a scrape takes longer than a turn.
    private const int LargestOfPeer = 10_000;

    public static IEnumerable<Case> All =>
        from size in Sizes
        from format in Formats
        select Case.Whole(
            $"scrape-{size}-{format.Name}",
            ScrapeLimits.Name(size),
            () => Side.Shared(Scrape(ShopRegistry.Create(size), format.Format))
        ) with
        {
            IsAlone = true,
        };

    public static IEnumerable<Case> Busy =>
        Sizes.Select(size =>
            Case.Whole(
                $"scrape-busy-{size}-text",
                ScrapeLimits.BusyName(size),
                () => Side.Shared(Scrape(BusyRegistry.Create(size), ExpositionFormat.Prometheus))
            ) with
            {
                IsAlone = true,
            });

    /// <summary>Returns the rows of another library.</summary>
    /// <param name="peer">The name of the library.</param>
    /// <param name="scrape">Fills a registry with a number of series, and returns its scrape.</param>
    public static IEnumerable<Case> OfPeer(string peer, Func<int, Work> scrape) =>
        Sizes.Where(size => size <= LargestOfPeer).Select(size =>
            Case.Whole($"{peer}-scrape-{size}-text", ScrapeLimits.Name(size), () => Side.Shared(scrape(size))) with
            {
                IsAlone = true,
            });

    /// <summary>All formats with their names, found by reflection.</summary>
    public static IEnumerable<(string Name, ExpositionFormat Format)> Formats =>
        from property in typeof(ExpositionFormat).GetProperties(BindingFlags.Public | BindingFlags.Static)
        where property.PropertyType == typeof(ExpositionFormat)
        select (NameOf(property), (ExpositionFormat)property.GetValue(null)!);

    public static Work Scrape(Registry registry, ExpositionFormat format)
    {
        var buffer = new ArrayBufferWriter<byte>();
        return operations =>
        {
            for (var i = 0; i < operations; i++)
            {
                buffer.ResetWrittenCount();
                WriteNow(format.WriteAsync(registry, buffer));
            }
        };
    }

    // The registry is in memory, so a scrape completes synchronously.
    private static void WriteNow(ValueTask written)
    {
        if (!written.IsCompletedSuccessfully)
            throw new InvalidOperationException("A scrape of an in-memory registry did not complete synchronously.");
    }

    private static string NameOf(PropertyInfo format) =>
        format.Name == nameof(ExpositionFormat.Prometheus) ? "text" : format.Name.ToLowerInvariant();
}
