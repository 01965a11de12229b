using System.Text.RegularExpressions;
using Instrumentator.Shared;

namespace Instrumentator.EndToEnd;

/// <summary>The sample as a process of its own, on a port that was free.</summary>
internal sealed partial class ShopProcess : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    // The sample must be as on a fresh machine, whatever the variables of this one.
    private static readonly string[] _settings =
        ["ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "DOTNET_URLS", "URLS"];

    private ShopProcess(ChildProcess process, Uri address) =>
        (Process, Client) = (process, new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address });

    public ChildProcess Process { get; }

    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    /// <summary>Starts it, and waits until it answers.</summary>
    public static async Task<ShopProcess> StartAsync(params string[] arguments)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var sample = Path.Combine(AppContext.BaseDirectory, "MinimalApi.dll");
        var process = ChildProcess.Start(dotnet, ["exec", sample, "--urls", "http://127.0.0.1:0", .. arguments], _settings);
        var address = await Poll.UntilAsync(() => Task.FromResult(PrintedAddress(process)), found => found is not null || process.HasExited, _patience);
        if (address is null)
        {
            await process.DisposeAsync();
            Assert.Fail($"The sample printed no address:\n{process.Output}");
        }
        return new ShopProcess(process, address);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Process.DisposeAsync();
    }

    private static Uri? PrintedAddress(ChildProcess process) =>
        MetricsUrl().Match(process.Output) is { Success: true } match ? new Uri(match.Groups["address"].Value) : null;

    [GeneratedRegex(@"(?<address>http://127\.0\.0\.1:\d+)/metrics", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MetricsUrl();
}
