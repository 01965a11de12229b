using System.Text.Json;

namespace Instrumentator.Shared;

/// <summary>What Prometheus knows of an app that it scrapes.</summary>
internal sealed record PrometheusTarget(string Job, string Health, string LastError);

/// <summary>A native histogram as Prometheus has it.</summary>
internal sealed record PrometheusHistogram(double Count, double Sum, IReadOnlyList<PrometheusBucket> Buckets);

/// <summary>A bucket of it: what is more than <paramref name="Low"/> and at most <paramref name="High"/>, mirrored
/// below 0. That around 0 has both ends.</summary>
internal sealed record PrometheusBucket(double Low, double High, double Count);

/// <summary>An exemplar that Prometheus stored, and its series.</summary>
internal sealed record PrometheusExemplar(
    IReadOnlyDictionary<string, string> Series,
    IReadOnlyDictionary<string, string> Labels,
    double Value,
    double Timestamp);

/// <summary>Debian's Prometheus server.</summary>
internal sealed class PrometheusServer : ScrapingServer
{
    private PrometheusServer(string program, string config, IReadOnlyList<string> features)
        : base(
            program,
            config,
            (file, folder, address) =>
                [
                    $"--config.file={file}",
                    $"--storage.tsdb.path={folder}",
                    $"--web.listen-address={address}",
                    .. features.Select(feature => $"--enable-feature={feature}"),
                ])
    { }

    protected override string ReadyPath => "/-/ready";

    /// <summary>Starts it; skips the test where there is none.</summary>
    /// <param name="targets">For each job, the address that is scraped.</param>
    public static Task<PrometheusServer> StartAsync(params (string Job, Uri Address)[] targets) =>
        StartAsync([], targets);

    /// <summary>Starts it with features that are off by default.</summary>
    /// <param name="features">With <c>native-histograms</c> it asks for protobuf first; with <c>exemplar-storage</c> it
    /// keeps exemplars.</param>
    /// <param name="targets">For each job, the address that is scraped.</param>
    public static Task<PrometheusServer> StartAsync(
        IReadOnlyList<string> features,
        params (string Job, Uri Address)[] targets)
    {
        var program = OutsidePrograms.Prometheus();
        return StartAsync(() => new PrometheusServer(program, Config(targets), features));
    }

    /// <summary>The one native histogram that a query has.</summary>
    public async Task<PrometheusHistogram> HistogramAsync(string query)
    {
        using var answer = await AnswerAsync(query);
        var result = Assert.Single(Data(answer).GetProperty("result").EnumerateArray());
        var histogram = result.GetProperty("histogram")[1];
        return new(
            Number(histogram.GetProperty("count")),
            Number(histogram.GetProperty("sum")),
            [.. histogram.GetProperty("buckets").EnumerateArray().Select(Bucket)]);
    }

    public async Task<IReadOnlyList<PrometheusExemplar>> ExemplarsAsync(string query)
    {
        const string Always = "start=0&end=9999999999";
        using var answer = JsonDocument.Parse(
            await Client.GetStringAsync($"/api/v1/query_exemplars?{Always}&query={Uri.EscapeDataString(query)}"));
        return
        [
            .. from series in Data(answer).EnumerateArray()
            from exemplar in series.GetProperty("exemplars").EnumerateArray()
            select new PrometheusExemplar(
                Labels(series.GetProperty("seriesLabels")),
                Labels(exemplar.GetProperty("labels")),
                Number(exemplar.GetProperty("value")),
                exemplar.GetProperty("timestamp").GetDouble()),
        ];
    }

    public async Task<IReadOnlyList<PrometheusTarget>> TargetsAsync()
    {
        using var answer = JsonDocument.Parse(await Client.GetStringAsync("/api/v1/targets"));
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
        using var answer = JsonDocument.Parse(await Client.GetStringAsync($"/api/v1/metadata?metric={family}"));
        var only = Assert.Single(Data(answer).GetProperty(family).EnumerateArray());
        return (only.GetProperty("type").GetString()!, only.GetProperty("unit").GetString()!);
    }

    // The first item tells which ends are part of the bucket, which no random number lies on.
    private static PrometheusBucket Bucket(JsonElement bucket) =>
        new(Number(bucket[1]), Number(bucket[2]), Number(bucket[3]));
}
