using Instrumentator.EndToEnd;
using Instrumentator.Shared;

[assembly: AssemblyFixture(typeof(ShopAfterTraffic))]

namespace Instrumentator.EndToEnd;

/// <summary>The sample after known traffic, and Prometheus and VictoriaMetrics, which watch it, for the tests that want
/// them.</summary>
public sealed class ShopAfterTraffic : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private PrometheusServer? _prometheus;
    private VictoriaServer? _victoria;
    private SampleProcess? _hello;
    private SampleProcess? _shop;

    internal SampleProcess Shop => _shop!;

    internal HttpClient Client => Shop.Client;

    /// <summary>The sum of the <c>Content-Length</c>s that the sample sent, by handler.</summary>
    internal IReadOnlyDictionary<string, double> ResponseSizes { get; private set; } =
        new Dictionary<string, double>(StringComparer.Ordinal);

    public async ValueTask InitializeAsync()
    {
        _shop = await SampleProcess.StartAsync("MinimalApi");
        ResponseSizes = await Traffic.SendAsync(Client);

        // An answer is sent before its request is recorded. The visits are what is recorded last.
        await Poll.UntilAsync(
            ScrapeAsync,
            scrape => scrape.Family("shop_visits_total").Values.Sum() >= Traffic.Total,
            _patience);
    }

    internal Task<ScrapeText> ScrapeAsync() => ScrapeText.GetAsync(Client);

    /// <summary>Prometheus once it has seen all of the traffic; skips the test where there is none.</summary>
    internal async Task<PrometheusServer> PrometheusAsync()
    {
        if (_prometheus is not null)
            return _prometheus;
        _hello ??= await SampleProcess.StartAsync("Hello");
        _prometheus = await PrometheusServer.StartAsync(("shop", Shop.Address), ("hello", _hello.Address));
        await _prometheus.WaitForAsync("sum(http_requests_total{job=\"shop\"})", Traffic.Total);
        await _prometheus.WaitForAsync("sum(up)", 2);
        return _prometheus;
    }

    /// <summary>VictoriaMetrics once it has seen all of the traffic; skips the test where there is none.</summary>
    internal async Task<VictoriaServer> VictoriaAsync()
    {
        if (_victoria is not null)
            return _victoria;
        _victoria = await VictoriaServer.StartAsync(("shop", Shop.Address));
        await _victoria.WaitForAsync("sum(http_requests_total)", Traffic.Total);
        await _victoria.WaitForAsync("sum(up)", 1);
        return _victoria;
    }

    public async ValueTask DisposeAsync()
    {
        if (_victoria is not null)
            await _victoria.DisposeAsync();
        if (_prometheus is not null)
            await _prometheus.DisposeAsync();
        if (_hello is not null)
            await _hello.DisposeAsync();
        if (_shop is not null)
            await _shop.DisposeAsync();
    }
}
