using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Instrumentator.Shared;

/// <summary>What Prometheus answers for one series.</summary>
internal sealed record PrometheusSeries(IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>What Prometheus knows of an app that it scrapes.</summary>
internal sealed record PrometheusTarget(string Job, string Health, string LastError);

/// <summary>Debian's Prometheus server, scraping each second, in a folder of its own that goes with it.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    // The port that was free may be taken a moment later.
    private const int Attempts = 3;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;
    private readonly DirectoryInfo _folder;
    private readonly HttpClient _client;

    private PrometheusServer(ChildProcess process, DirectoryInfo folder, int port) =>
        (_process, _folder, _client) = (process, folder, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") });

    /// <summary>Starts it; skips the test where there is none.</summary>
    /// <param name="targets">For each job, the address that is scraped.</param>
    public static async Task<PrometheusServer> StartAsync(params (string Job, Uri Address)[] targets)
    {
        var output = "";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var server = await LaunchAsync(OutsidePrograms.Prometheus(), Config(targets));
            if (await Poll.UntilAsync(server.IsReadyAsync, ready => ready || server._process.HasExited, _patience))
                return server;
            output = server._process.Output;
            await server.DisposeAsync();
        }
        throw new InvalidOperationException($"Prometheus did not start:\n{output}");
    }

    public async Task<IReadOnlyList<PrometheusSeries>> QueryAsync(string query)
    {
        using var answer = JsonDocument.Parse(await _client.GetStringAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}"));
        return [.. Data(answer).GetProperty("result").EnumerateArray().Select(Series)];
    }

    /// <summary>The one value that a query has.</summary>
    public async Task<double> ValueAsync(string query) => Assert.Single(await QueryAsync(query)).Value;

    public async Task<IReadOnlyList<PrometheusTarget>> TargetsAsync()
    {
        using var answer = JsonDocument.Parse(await _client.GetStringAsync("/api/v1/targets"));
        return
        [
            .. Data(answer).GetProperty("activeTargets").EnumerateArray().Select(target => new PrometheusTarget(
                target.GetProperty("labels").GetProperty("job").GetString()!,
                target.GetProperty("health").GetString()!,
                target.GetProperty("lastError").GetString()!)),
        ];
    }

    /// <summary>The type and the unit of a family, which it has from the scrapes of all apps alike.</summary>
    public async Task<(string Type, string Unit)> MetadataAsync(string family)
    {
        using var answer = JsonDocument.Parse(await _client.GetStringAsync($"/api/v1/metadata?metric={family}"));
        var only = Assert.Single(Data(answer).GetProperty(family).EnumerateArray());
        return (only.GetProperty("type").GetString()!, only.GetProperty("unit").GetString()!);
    }

    /// <summary>Waits until a query has this one value, which a scrape brings; fails with the last answer otherwise.</summary>
    public async Task WaitForAsync(string query, double value)
    {
        var last = await Poll.UntilAsync(() => QueryAsync(query), HasValue, _patience);
        Assert.True(HasValue(last), $"{query} is [{string.Join(", ", last.Select(series => series.Value))}] and not {value}.\n{_process.Output}");

        bool HasValue(IReadOnlyList<PrometheusSeries> answer) => answer is [var only] && only.Value.Equals(value);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task<PrometheusServer> LaunchAsync(string program, string config)
    {
        var folder = Directory.CreateTempSubdirectory("prometheus-");
        var configFile = Path.Combine(folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(configFile, config);
        var port = FreePort();
        var process = ChildProcess.Start(program,
        [
            $"--config.file={configFile}",
            $"--storage.tsdb.path={Path.Combine(folder.FullName, "data")}",
            $"--web.listen-address=127.0.0.1:{port}",
        ]);
        return new PrometheusServer(process, folder, port);
    }

    private static string Config(IEnumerable<(string Job, Uri Address)> targets) => $"""
        global:
          scrape_interval: 1s
        scrape_configs:
        {string.Join('\n', targets.Select(target => $"- job_name: {target.Job}\n  static_configs:\n  - targets: ['{target.Address.Authority}']"))}

        """;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static JsonElement Data(JsonDocument answer) => answer.RootElement.GetProperty("data");

    private static PrometheusSeries Series(JsonElement series) => new(
        series.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!),
        double.Parse(series.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture));

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _client.GetAsync("/-/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
