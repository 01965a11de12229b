using BenchmarkDotNet.Attributes;

namespace Instrumentator.Benchmarks;

/// <summary>Measures a whole scrape in every format.</summary>
[MemoryDiagnoser]
public class ScrapeBenchmarks
{
    private Work _scrape = Side.Nothing.ForThread();

    public static IEnumerable<string> Formats => Scrapes.Formats.Select(format => format.Name);

    [Params(100, 10_000)]
    public int Series { get; set; }

    [ParamsSource(nameof(Formats))]
    public string Format { get; set; } = "";

    [GlobalSetup]
    public void Fill() =>
        _scrape = Scrapes.Scrape(
            ShopRegistry.Create(Series),
            Scrapes.Formats.First(format => format.Name == Format).Format);

    [Benchmark]
    public void Scrape() => _scrape(1);
}
