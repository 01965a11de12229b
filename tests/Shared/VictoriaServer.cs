namespace Instrumentator.Shared;

/// <summary>Debian's VictoriaMetrics: other code than Prometheus's that reads the text format and answers its
/// queries.</summary>
internal sealed class VictoriaServer : ScrapingServer
{
    private VictoriaServer(string program, string config) : base(program, config, (file, folder, address) =>
    [
        $"-promscrape.config={file}",
        $"-storageDataPath={folder}",
        $"-httpListenAddr={address}",

        // It answers what it just read, and takes little memory for it.
        "-search.latencyOffset=0s",
        "-search.disableCache",
        "-memory.allowedBytes=64MiB",
    ])
    {
    }

    protected override string ReadyPath => "/health";

    /// <summary>Starts it; skips the test where there is none.</summary>
    /// <param name="targets">For each job, the address that is scraped.</param>
    public static Task<VictoriaServer> StartAsync(params (string Job, Uri Address)[] targets)
    {
        var program = OutsidePrograms.VictoriaMetrics();
        return StartAsync(() => new VictoriaServer(program, Config(targets)));
    }
}
