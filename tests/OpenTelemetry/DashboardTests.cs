using Instrumentator.Shared;

namespace Instrumentator.OpenTelemetry.Tests;

/// <summary>Asks Prometheus what Grafana's dashboards 19924 (ASP.NET Core) and 19925 (ASP.NET Core Endpoint) ask it:
/// our scrape must have each series that they select, as OpenTelemetry's has.</summary>
/// <remarks>The queries are those of the panels and variables, with one quantile for all. One panel is left out: the
/// connections are those of Kestrel's own meter.</remarks>
public sealed class DashboardTests
{
    private const string App = """job=~"$job", instance=~"$instance" """;
    private const string Endpoint = """job="$job", http_route="/boom", http_request_method="GET" """;
    private const string Buckets = "http_server_request_duration_seconds_bucket";
    private const string Count = "http_server_request_duration_seconds_count";

    private static readonly string[] _queries =
    [
        // ASP.NET Core
        "count(group by (job) (http_server_active_requests{job=~\"$job\"}))",
        "group by (instance) (http_server_active_requests{job=~\"$job\"})",
        $"histogram_quantile(0.95, sum(rate({Buckets}{{{App}}}[1m])) by (le))",
        ErrorRate(Buckets, App, "4..|5.."), ErrorRate(Buckets, App, "4.."), ErrorRate(Buckets, App, "5.."),
        $"sum(http_server_active_requests{{{App}}})",
        $"sum(increase({Count}{{{App}}}[1m]))",
        $"sum(increase({Count}{{{App}, error_type!=\"\"}}[1m]))",
        $"sum by (url_scheme) (increase({Count}{{{App}}}[1m]))",
        $"sum by (method_route) (label_replace(increase({Count}{{{App}}}[1m]), "
            + "\"method_route\", \"http/$1\", \"network_protocol_version\", \"(.*)\"))",
        Top("http_route!=\"\""), Top("http_route!=\"\", error_type!=\"\""),

        // ASP.NET Core Endpoint
        $"group by (http_route) ({Count}{{job=\"$job\"}})",
        $"group by (http_request_method) ({Count}{{job=\"$job\", http_route=~\"/boom\"}})",
        $"histogram_quantile(0.95, sum(rate({Buckets}{{{Endpoint}}}[1m])) by (le))",
        ErrorRate(Count, Endpoint, "4..|5.."), ErrorRate(Count, Endpoint, "4.."), ErrorRate(Count, Endpoint, "5.."),
        $"sum by (error_type) (max_over_time({Count}{{{Endpoint}, error_type!=\"\"}}[1m]))",
        $"sum by (http_response_status_code) (max_over_time({Count}{{{Endpoint}}}[1m]))",
        $"sum by (url_scheme) (max_over_time({Count}{{{Endpoint}}}[1m]))",
        $"sum by (method_route) (label_join(max_over_time({Count}{{{Endpoint}}}[1m]), "
            + "\"method_route\", \"/\", \"network_protocol_name\", \"network_protocol_version\"))",
    ];

    private static readonly Sent[] _requests =
    [
        new("GET", "/items/1"), new("GET", "/items/404"), new("PUT", "/items/1"), new("GET", "/nowhere"),
        new("GET", "/boom"), new("GET", "/boom", Wire.Http2), new("GET", "/boom", Wire.Https2),
        new("GET", "/status/503"), new("GET", "/status/404", Wire.Https11),
    ];

    [Fact]
    public async Task Each_query_of_the_dashboards_finds_in_ours_what_it_finds_in_theirs()
    {
        await using var both = await SideBySide.StartAsync(SideBySideApp.Configure);
        await using var prometheus = await PrometheusServer.StartAsync(
            ("ours", new Uri(both.Address, SideBySide.OurPath)),
            ("theirs", new Uri(both.Address, SideBySide.TheirPath)));
        for (var round = 1; round <= 2; round++)
        {
            await both.SendAsync(_requests);
            foreach (var job in new[] { "ours", "theirs" })
                await prometheus.WaitForAsync($"sum({Count}{{job=\"{job}\"}})", round * _requests.Length);
        }

        foreach (var query in _queries)
        {
            var theirs = await FindAsync(prometheus, query, "theirs");
            Assert.NotEmpty(theirs);
            Assert.Equal(theirs, await FindAsync(prometheus, query, "ours"));
        }
    }

    private static string ErrorRate(string metric, string labels, string codes) =>
        $"sum(rate({metric}{{{labels}, http_response_status_code=~\"{codes}\"}}[1m]) or vector(0)) / "
        + $"sum(rate({metric}{{{labels}}}[1m]))";

    private static string Top(string labels) =>
        "topk(10, sum by (http_route, http_request_method, method_route) (label_join(floor("
        + $"increase({Count}{{{App}, {labels}}}[1m])), \"method_route\", \" \", \"http_request_method\", \"http_route\")))";

    // Rates depend on the time of a scrape; the greatest values do not.
    private static async Task<string[]> FindAsync(PrometheusServer prometheus, string query, string job)
    {
        var found = await prometheus.QueryAsync(
            query.Replace("$job", job, StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal));
        var hasValues = query.Contains("max_over_time", StringComparison.Ordinal);
        return
        [
            .. found
                .Select(series => Labels(series) + (hasValues ? FormattableString.Invariant($" {series.Value}") : ""))
                .Order(),
        ];
    }

    private static string Labels(ScrapedSeries series) =>
        string.Join(' ', series.Labels.OrderBy(label => label.Key).Select(label => $"{label.Key}={label.Value}"));
}
