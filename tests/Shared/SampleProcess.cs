using System.Text.RegularExpressions;

namespace Instrumentator.Shared;

/// <summary>A sample as a process of its own, on a port that was free.</summary>
internal sealed partial class SampleProcess : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    // The sample must be as on a fresh machine, whatever the variables of this one.
    private static readonly string[] _settings =
    [
        "ASPNETCORE_ENVIRONMENT",
        "DOTNET_ENVIRONMENT",
        "ASPNETCORE_URLS",
        "ASPNETCORE_HTTP_PORTS",
        "DOTNET_URLS",
        "URLS",
    ];

    /// <summary>The <c>dotnet</c> that runs the tests.</summary>
    public static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private SampleProcess(ChildProcess process, Uri address) =>
        (Process, Client) = (
            process,
            new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address });

    public ChildProcess Process { get; }

    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    /// <summary>Starts it, and waits until it tells where it is.</summary>
    /// <param name="sample">Its assembly, without .dll.</param>
    /// <param name="arguments">What it gets beside an address.</param>
    public static Task<SampleProcess> StartAsync(string sample, params string[] arguments) =>
        StartProgramAsync(Dotnet, ["exec", Path.Combine(AppContext.BaseDirectory, sample + ".dll"), .. arguments]);

    /// <summary>Starts a sample that is a program by itself.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">What it gets beside an address.</param>
    public static async Task<SampleProcess> StartProgramAsync(string program, params string[] arguments)
    {
        var process = ChildProcess.Start(program, [.. arguments, "--urls", "http://127.0.0.1:0"], _settings);
        var address = await Poll.UntilAsync(
            () => Task.FromResult(PrintedAddress(process)),
            found => found is not null || process.HasExited,
            _patience);
        if (address is null)
        {
            await process.DisposeAsync();
            Assert.Fail($"The sample printed no address:\n{process.Output}");
        }
        return new SampleProcess(process, address);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Process.DisposeAsync();
    }

    private static Uri? PrintedAddress(ChildProcess process) =>
        Url().Match(process.Output) is { Success: true } match ? new Uri(match.Groups["address"].Value) : null;

    [GeneratedRegex(
        @"(?<address>http://127\.0\.0\.1:\d+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Url();
}
