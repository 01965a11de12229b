using Instrumentator.Shared;

namespace Instrumentator.EndToEnd;

/// <summary>The exemplars that a Prometheus server stores.</summary>
public sealed class ExemplarTests(ObservedApp app)
{
    /// <summary>The handlers of the requests that were sampled.</summary>
    public static TheoryData<string, bool> Sampled =>
        new()
        {
            { "/sampled", true },
            { "/sampled", false },
            { "/listened", true },
            { "/listened", false },
        };

    [Theory]
    [MemberData(nameof(Sampled))]
    public async Task A_counter_has_the_trace_of_its_request(string handler, bool protobuf)
    {
        var prometheus = await StartAsync(protobuf);

        var exemplar = Assert.Single(await prometheus.ExemplarsAsync($"http_requests_total{{handler=\"{handler}\"}}"));

        var known = Assert
            .IsType<SampleValue.Counter>(app.Snapshot.Find("http_requests_total", handler, "GET", "2xx"))
            .Exemplar;
        AssertSame(handler, known, exemplar);
        Assert.Equal("http_requests_total", exemplar.Series["__name__"]);
        Assert.Equal(1, exemplar.Value);
    }

    [Theory]
    [MemberData(nameof(Sampled))]
    public async Task A_classic_bucket_has_the_trace_of_its_request(string handler, bool protobuf)
    {
        var prometheus = await StartAsync(protobuf);

        var exemplar = Assert.Single(
            await prometheus.ExemplarsAsync($"classic_seconds_bucket{{handler=\"{handler}\"}}"));

        AssertSame(handler, KnownOf("classic_seconds", handler), exemplar);
        Assert.Equal("classic_seconds_bucket", exemplar.Series["__name__"]);
        Assert.True(
            exemplar.Value
                <= double.Parse(
                    exemplar.Series["le"].Replace("+Inf", "Infinity", StringComparison.Ordinal),
                    System.Globalization.CultureInfo.InvariantCulture));
    }

    // Prometheus 2.42 reads exemplars of a native histogram from its classic buckets, and does not know those of one
    // that has none.
    [Theory]
    [InlineData("/sampled")]
    [InlineData("/listened")]
    public async Task A_native_histogram_with_classic_buckets_has_the_trace_of_its_request(string handler)
    {
        var prometheus = await StartAsync(protobuf: true);

        var exemplar = Assert.Single(await prometheus.ExemplarsAsync($"both_seconds{{handler=\"{handler}\"}}"));

        AssertSame(handler, KnownOf("both_seconds", handler), exemplar);
        Assert.Equal("both_seconds", exemplar.Series["__name__"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Requests_that_were_not_sampled_have_no_exemplar(bool protobuf)
    {
        var prometheus = await StartAsync(protobuf);

        Assert.Empty(await prometheus.ExemplarsAsync("{handler=\"/items/{id}\"}"));
    }

    private Task<PrometheusServer> StartAsync(bool protobuf) =>
        protobuf ? app.NativePrometheusAsync() : app.ClassicPrometheusAsync();

    private Exemplar? KnownOf(string histogram, string handler) =>
        Assert.Single(
            Assert
                .IsType<SampleValue.Histogram>(app.Snapshot.Find(histogram, handler, "GET", "2xx"))
                .Exemplars.OfType<Exemplar>());

    private void AssertSame(string handler, Exemplar? known, PrometheusExemplar read)
    {
        Assert.Equal(handler == "/sampled" ? ObservedApp.TraceId : app.ListenedTraceId, read.Labels["trace_id"]);
        Assert.Equal(known!.Labels.ToDictionary(label => label.Name, label => label.Value), read.Labels);
        Assert.Equal((known.Value, known.Timestamp), (read.Value, read.Timestamp));
    }
}
