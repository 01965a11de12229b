using System.Text.RegularExpressions;

namespace Instrumentator.OpenTelemetry.Tests;

/// <summary>Compares the default metrics with ASP.NET Core's own meter on random requests: other names and labels, and
/// the same numbers.</summary>
public sealed partial class DefaultMetricsProps
{
    private static Gen<Sent> Requests =>
        from method in Gen.Elements("GET", "GET", "GET", "POST", "PURGE")
        from path in Gen.Elements(
            "/nowhere", "/middleware", "/relative", "/items/1", "/items/404", "/items/one", "/any", "/boom",
            "/status/204", "/status/503", "/bind/x", "/wait/20", "/wait/120", "/caught/5")
        from wire in Gen.Elements(Enum.GetValues<Wire>())
        select new Sent(method, path, wire);

    [Property(MaxTest = 5)]
    public Property The_default_metrics_have_the_same_counts_sums_and_buckets() => Prop.ForAll(
        Arb.From(
            from count in Gen.Choose(30, 100)
            from requests in Requests.ListOf(count)
            select requests),
        async requests =>
        {
            // OpenTelemetry gives a 405 no route.
            await using var both = await SideBySide.StartAsync(
                SideBySideApp.Configure,
                registry => Instrumentation.Default.WithRegistry(registry)
                    .With(config => config with { LabelRejected = false }));
            await Parallel.ForEachAsync(
                requests,
                new ParallelOptions { MaxDegreeOfParallelism = 8 },
                async (request, _) => await both.SendAsync(request));
            await both.AssertSameAsync(requests.Count, Mismatches);
        });

    private static IEnumerable<string> Mismatches(Scrape ours, Scrape theirs)
    {
        var requests = theirs.Histograms
            .GroupBy(one => $"{HandlerAndMethod(one.Key)},status=\"{Of("http_response_status_code", one.Key)![0]}xx\"")
            .ToDictionary(one => $"http_requests_total{{{one.Key}}}", one => one.Sum(series => series.Value.Count));
        var durations = theirs.Histograms
            .GroupBy(one => HandlerAndMethod(one.Key), one => one.Value)
            .ToDictionary(one => $"http_request_duration_seconds{{{one.Key}}}", ScrapedHistogram.Join);
        durations["http_request_duration_highr_seconds{}"] = ScrapedHistogram.Join(theirs.Histograms.Values);
        return
        [
            .. ours.Values.Where(one => one.Key.StartsWith("http_requests_total", StringComparison.Ordinal))
                .Except(requests)
                .Select(one => $"ours only: {one}"),
            .. requests.Except(ours.Values).Select(one => $"theirs only: {one}"),
            .. durations.Keys.Except(ours.Histograms.Keys).Select(key => $"theirs only: {key}"),
            .. from one in ours.Histograms
               from mismatch in durations.TryGetValue(one.Key, out var other)
                   ? Agreement.DurationMismatches(one.Value, other)
                   : ["ours only"]
               select $"{one.Key}: {mismatch}",
        ];
    }

    // Ours has parameters without constraints, a slash before each route and none behind it, and a label for requests
    // without one.
    private static string HandlerAndMethod(string series)
    {
        var handler = Of("http_route", series) is { } route
            ? "/" + Constraint().Replace(route, "").Trim('/')
            : "none";
        return $"handler=\"{handler}\",method=\"{Of("http_request_method", series)}\"";
    }

    private static string? Of(string label, string series) =>
        Regex.Match(series, $"[{{,]{label}=\"([^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(1)) is
        { Success: true } found ? found.Groups[1].Value : null;

    [GeneratedRegex(":[^}]*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Constraint();
}
