using System.Globalization;
using Instrumentator.Properties;
using Instrumentator.Shared;
using Instrumentator.Testing;

namespace Instrumentator.Attack;

/// <summary>Says what must be true of an app whatever was sent to it, once all connections are closed.</summary>
internal sealed class Oracle(HostileApp app) : IDisposable
{
    /// <summary>However many requests there were: this many lines a scrape has at the most.</summary>
    public const int MaxSamples = 40_000;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private static readonly string[] _methods =
    [
        "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "CONNECT", "TRACE", "QUERY", "_OTHER"
    ];

    private readonly HttpClient _client = new() { BaseAddress = app.Address };
    private readonly RisingNumbers _rising = new();

    /// <summary>How many scrapes it has read itself.</summary>
    public int Scrapes { get; private set; }

    /// <summary>How many samples the last scrape had.</summary>
    public int Samples { get; private set; }

    public async Task CheckAsync()
    {
        AssertNoErrors();
        Assert.Equal("plain", await _client.GetStringAsync("/plain"));
        Assert.Equal(
            app.Arrived,
            await Poll.UntilAsync(
                () => Task.FromResult(Recorded()),
                recorded => recorded == app.Arrived && app.Left == app.Arrived,
                _patience));
        Assert.Equal(app.Arrived, app.Left);
        var scrape = SnapshotOf();
        Assert.All(
            scrape.Families.Single(family => family.Name == "http_requests_inprogress").Samples,
            sample => Assert.Equal(0, sample.Value));
        AssertNoErrors();
        CheckLabels(scrape);
        foreach (var format in ExpositionFormat.All)
            await ScrapeAsync(format.ContentType);
        CheckNothingFell(scrape);
    }

    private void AssertNoErrors() => Assert.True(app.Log.Errors.Count == 0, string.Join('\n', app.Log.Errors.Take(3)));

    public void Dispose() => _client.Dispose();

    private double Recorded() =>
        SnapshotOf()
            .Families.Single(family => family.Name == "http_requests_total")
            .Samples.Sum(sample => sample.Value);

    private ParsedScrape SnapshotOf() => ParsedScrape.Prometheus(app.Registry.ToText());

    private void CheckLabels(ParsedScrape scrape)
    {
        var samples = scrape.Families.SelectMany(family => family.Samples).ToArray();
        Samples = samples.Length;
        Assert.InRange(Samples, 1, MaxSamples);
        Assert.All(Values(samples, "method"), method => Assert.True(_methods.Contains(method), method));
        Assert.All(
            Values(samples, "status"),
            status =>
                Assert.True(
                    status == "other" || int.Parse(status, CultureInfo.InvariantCulture) is >= 100 and <= 599,
                    status));

        // Below the branch all routes may be met with its path base, in lower case.
        var own = Values(samples, "handler")
            .Where(handler =>
                handler != "none" && !app.Templates.Contains(handler) && handler != "/branch/items/{id}")
            .ToArray();
        Assert.InRange(own.Length, 0, HostileApp.PathLimit);
    }

    private static IEnumerable<string> Values(ParsedSample[] samples, string label) =>
        samples.Select(sample => sample.ValueOf(label)).OfType<string>().Distinct();

    private async Task ScrapeAsync(string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await _client.SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(accept, Assert.Single(response.Content.Headers.NonValidated["Content-Type"]));
        ScrapeJudge.Judge(accept, await response.Content.ReadAsByteArrayAsync());
        Scrapes++;
    }

    private void CheckNothingFell(ParsedScrape scrape)
    {
        foreach (var family in scrape.Families.Where(family => family.Type is "counter" or "histogram"))
        {
            foreach (var sample in family.Samples)
                _rising.Note($"{sample.Name} {string.Join(',', sample.Labels)}", sample.Value);
        }
        _rising.EndScrape();
    }
}
