using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Instrumentator.Shared;

/// <summary>What a server answers for one series.</summary>
internal sealed record ScrapedSeries(IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>A server of others that scrapes apps each second and answers Prometheus's queries, in a folder of its own
/// that goes with it.</summary>
internal abstract class ScrapingServer : IAsyncDisposable
{
    // The port that was free may be taken a moment later.
    private const int Attempts = 3;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;
    private readonly DirectoryInfo _folder;

    /// <summary>Starts the program.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="config">What it scrapes.</param>
    /// <param name="arguments">Its arguments, by the path of that, its folder and the address where it shall
    /// listen.</param>
    protected ScrapingServer(string program, string config, Func<string, string, string, IEnumerable<string>> arguments)
    {
        _folder = Directory.CreateTempSubdirectory("scraping-");
        var configFile = Path.Combine(_folder.FullName, "config.yml");
        File.WriteAllText(configFile, config);
        var address = $"127.0.0.1:{FreePort()}";
        _process = ChildProcess.Start(program, arguments(configFile, Path.Combine(_folder.FullName, "data"), address));
        Client = new HttpClient { BaseAddress = new Uri($"http://{address}") };
    }

    protected HttpClient Client { get; }

    /// <summary>Answers when it is ready.</summary>
    protected abstract string ReadyPath { get; }

    public async Task<IReadOnlyList<ScrapedSeries>> QueryAsync(string query)
    {
        using var answer = await AnswerAsync(query);
        return [.. Data(answer).GetProperty("result").EnumerateArray().Select(Series)];
    }

    /// <summary>The one value that a query has.</summary>
    public async Task<double> ValueAsync(string query) => Assert.Single(await QueryAsync(query)).Value;

    /// <summary>Waits until a query has this one value, which a scrape brings; fails with the last answer
    /// otherwise.</summary>
    public async Task WaitForAsync(string query, double value)
    {
        var last = await Poll.UntilAsync(() => QueryAsync(query), HasValue, _patience);
        Assert.True(
            HasValue(last),
            $"{query} is [{string.Join(", ", last.Select(series => series.Value))}] and not {value}.\n{_process.Output}");

        bool HasValue(IReadOnlyList<ScrapedSeries> answer) => answer is [var only] && only.Value.Equals(value);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Starts one until it is ready.</summary>
    protected static async Task<TServer> StartAsync<TServer>(Func<TServer> launch)
        where TServer : ScrapingServer
    {
        var output = "";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var server = launch();
            if (await Poll.UntilAsync(server.IsReadyAsync, ready => ready || server._process.HasExited, _patience))
                return server;
            output = server._process.Output;
            await server.DisposeAsync();
        }
        throw new InvalidOperationException($"{typeof(TServer).Name} did not start:\n{output}");
    }

    /// <summary>The configuration of Prometheus, which others read, too.</summary>
    protected static string Config(IEnumerable<(string Job, Uri Address)> targets) =>
        $"""
        global:
          scrape_interval: 1s
        scrape_configs:
        {string.Join('\n', targets.Select(Target))}

        """;

    private static string Target((string Job, Uri Address) target) =>
        $"""
        - job_name: {target.Job}
          metrics_path: {(target.Address.AbsolutePath is "/" ? "/metrics" : target.Address.AbsolutePath)}
          static_configs:
          - targets: ['{target.Address.Authority}']
        """;

    protected async Task<JsonDocument> AnswerAsync(string query) =>
        JsonDocument.Parse(await Client.GetStringAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}"));

    protected static JsonElement Data(JsonDocument answer) => answer.RootElement.GetProperty("data");

    protected static Dictionary<string, string> Labels(JsonElement labels) =>
        labels.EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!);

    protected static double Number(JsonElement text) => text.GetString() switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        var number => double.Parse(number!, CultureInfo.InvariantCulture),
    };

    private static ScrapedSeries Series(JsonElement series) =>
        new(Labels(series.GetProperty("metric")), Number(series.GetProperty("value")[1]));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Client.GetAsync(ReadyPath);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
