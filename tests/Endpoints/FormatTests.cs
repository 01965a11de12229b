using System.Diagnostics;
using System.Text;
using Instrumentator.Testing;

namespace Instrumentator.Tests;

/// <summary>Features that only some formats support, end to end.</summary>
public sealed class FormatTests
{
    private const string Protobuf =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    [Fact]
    public async Task A_native_histogram_is_classic_in_text_and_native_in_protobuf()
    {
        var registry = new Registry();
        await using var app = await StartAsync(
            instrumentation =>
                instrumentation
                    .Add(Metrics.Latency(new() { Registry = registry, Native = new() }))
                    .Add(
                        Metrics.Latency(
                            new()
                            {
                                Registry = registry,
                                Name = "native_seconds",
                                Buckets = [],
                                Native = new() { Schema = 5, MaxBuckets = 100 },
                            })),
            registry);
        await app.SendAsync("GET", "/x");

        var text = await ReadAsync(app, "text/plain");
        Assert.Contains(
            "http_request_duration_seconds_bucket{handler=\"/x\",method=\"GET\",status=\"2xx\",le=\"10.0\"} 1\n",
            text,
            StringComparison.Ordinal);
        Assert.Contains(
            "native_seconds_bucket{handler=\"/x\",method=\"GET\",status=\"2xx\",le=\"+Inf\"} 1\n",
            text,
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            "native_seconds_bucket{handler=\"/x\",method=\"GET\",status=\"2xx\",le=\"10.0\"}",
            text,
            StringComparison.Ordinal);
        Assert.Contains("native_seconds", await ReadAsync(app, Protobuf), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_in_a_sampled_trace_has_an_exemplar_in_OpenMetrics(bool isSampled)
    {
        using var listener = Listen();
        await using var app = await StartAsync(instrumentation =>
            instrumentation.With(config => config with { Exemplars = new() }));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/x");
        request.Headers.Add(
            "traceparent",
            $"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0{(isSampled ? 1 : 0)}");
        await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var lines = (await ReadAsync(app, "application/openmetrics-text"))
            .Split('\n')
            .Where(line => line.Contains(" # {", StringComparison.Ordinal))
            .ToArray();
        Assert.Equal(isSampled ? 3 : 0, lines.Length);
        Assert.All(
            lines,
            line =>
                Assert.Contains(
                    "# {trace_id=\"0af7651916cd43dd8448eb211c80319c\",span_id=\"",
                    line,
                    StringComparison.Ordinal));
        Assert.DoesNotContain("trace_id", await ReadAsync(app, "text/plain"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UTF8_names_are_escaped_as_the_reader_accepts_them()
    {
        var registry = new Registry { AllowUtf8Names = true };
        registry.Counter("orders.taken", "Orders.", "ship.to").With("DE").Increment();
        await using var app = await StartAsync(it => it, registry);

        Assert.Contains(
            "orders_taken_total{ship_to=\"DE\"} 1\n",
            await ReadAsync(app, "text/plain"),
            StringComparison.Ordinal);
        Assert.Contains(
            "{\"orders.taken_total\",\"ship.to\"=\"DE\"} 1\n",
            await ReadAsync(app, "text/plain;version=1.0.0;escaping=allow-utf-8"),
            StringComparison.Ordinal);
        Assert.Contains(
            "orders_dot_taken__total{ship_dot_to=\"DE\"} 1\n",
            await ReadAsync(app, "application/openmetrics-text;version=1.0.0;escaping=dots"),
            StringComparison.Ordinal);
        Assert.Contains(
            "U__orders_2e_taken__total{U__ship_2e_to=\"DE\"} 1\n",
            await ReadAsync(app, "application/openmetrics-text;version=1.0.0;escaping=values"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?name[]=b_total", "b_total")]
    [InlineData("?name%5B%5D=a&name[]=b_total", "a,b_total")]
    [InlineData("?name[]=c_seconds_bucket", "c_seconds")]
    [InlineData("?name[]=b", "b_total")]
    [InlineData("?name[]=d.e", "d_e")]
    [InlineData("?name[]=d_e&name[]=d_e", "d_e")]
    [InlineData("?name[]=A&name[]=&name[]=nothing", "")]
    [InlineData("?name[]", "")]
    [InlineData("?name=a", "a,b_total,c_seconds,d_e")]
    [InlineData("?x=1", "a,b_total,c_seconds,d_e")]
    public async Task A_scrape_can_select_families_by_sample_name(string query, string families)
    {
        var registry = new Registry { AllowUtf8Names = true };
        registry.Gauge("a", "Help.");
        registry.Counter("b", "Help.");
        registry.Histogram("c_seconds", "Help.", [1]);
        registry.Gauge("d.e", "Help.");
        await using var app = await StartAsync(it => it, registry);

        var lines = (await ReadAsync(app, "text/plain", query))
            .Split('\n')
            .Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal));
        Assert.Equal(families, string.Join(',', lines.Select(line => line.Split(' ')[2])));
    }

    [Theory]
    [InlineData("http.server.duration_bucket")]
    [InlineData("http.server.duration_count")]
    [InlineData("http_server_duration_sum")]
    [InlineData("http_dot_server_dot_duration_bucket")]
    [InlineData("U__http_2e_server_2e_duration_sum")]
    public async Task A_family_can_be_selected_by_its_sample_names_in_any_escaping(string name)
    {
        var registry = new Registry { AllowUtf8Names = true };
        registry.Histogram("http.server.duration", "Help.", [1]).Observe(1);
        await using var app = await StartAsync(it => it, registry);

        Assert.Contains(
            "http_server_duration_count 1\n",
            await ReadAsync(app, "text/plain", "?name[]=" + name),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filtered_scrape_ends_like_a_full_one()
    {
        var registry = new Registry();
        registry.Counter("a", "Help.").Increment();
        registry.Counter("b", "Help.").Increment();
        await using var app = await StartAsync(it => it, registry);
        Assert.Equal(
            "# TYPE a counter\n# HELP a Help.\na_total 1\n# EOF\n",
            await ReadAsync(app, "application/openmetrics-text", "?name[]=a_total"));
    }

    [Theory]
    [InlineData("application/openmetrics-text", true, true)]
    [InlineData("application/openmetrics-text;escaping=allow-utf-8", true, true)]
    [InlineData("application/openmetrics-text", false, false)]
    [InlineData("text/plain", true, false)]
    [InlineData("text/plain;version=1.0.0", true, false)]
    public async Task OpenMetrics_has_start_times_if_the_endpoint_is_to_show_them(
        string accepted, bool isOn, bool hasThem)
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseInstrumentator();
            app.MapGet("/x", () => "x");
            // snippet:created-samples
            app.MapInstrumentator(options: new() { CreatedSamples = true });
            // endsnippet
            app.MapInstrumentator("/other", new() { CreatedSamples = false });
        });
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1_000.0;
        await app.SendAsync("GET", "/x");

        var text = await ReadAsync(app, accepted, path: isOn ? "/metrics" : "/other");
        var starts = ParsedScrape.Parse(text).Families
            .SelectMany(family => family.Samples)
            .Where(sample => sample.Name.EndsWith("_created", StringComparison.Ordinal))
            .ToArray();
        Assert.Equal(
            hasThem
                ?
                [
                    "http_requests_created",
                    "http_request_size_bytes_created",
                    "http_response_size_bytes_created",
                    "http_request_duration_highr_seconds_created",
                    "http_request_duration_seconds_created",
                ]
                : [],
            starts.Select(sample => sample.Name));

        // The one histogram without labels is there from the start.
        var after = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1_000.0;
        Assert.All(
            starts.Where(sample => sample.Labels.Count > 0),
            sample => Assert.InRange(sample.Value, before, after));
        Assert.All(starts, sample => Assert.InRange(sample.Value, before - 600, after));
        if (hasThem)
        {
            var selected = await ReadAsync(app, accepted, "?name[]=http_requests_created");
            Assert.Equal(["http_requests"], ParsedScrape.Parse(selected).Families.Select(family => family.Name));
        }
    }

    [Fact]
    public async Task The_documented_configuration_starts()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");

        // snippet:native-and-exemplars
        builder.Services.AddInstrumentator(
            Instrumentation
                .Default.With(config => config with { Exemplars = new() }) // trace_id and span_id of sampled requests
                .WithDefaultMetrics(new() { Native = new() }) // both histograms, beside their classic buckets
                .WithRegistry(new Registry { AllowUtf8Names = true })
        ); // names such as http.server.requests
        // endsnippet
        await using var app = builder.Build();
        app.UseInstrumentator();
        app.MapInstrumentator();
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Custom_histograms_can_be_native_and_have_exemplars()
    {
        var registry = new Registry();

        // snippet:own-native
        var uploads = registry.Histogram(
            "upload_bytes",
            "Size of uploads.",
            new HistogramOptions { Native = NativeBuckets.FromFactor(1.1), Buckets = [] });
        uploads.Observe(70_000);
        uploads.Observe(90_000, [("trace_id", Activity.Current?.TraceId.ToHexString() ?? "none")]);
        // endsnippet

        var histogram = Assert.IsType<SampleValue.Histogram>(registry.Scrape().Find("upload_bytes"));
        Assert.Equal((2, 160_000.0, 2), (histogram.Count, histogram.Sum, histogram.Native!.Positive.Count));
        Assert.Equal("none", Assert.Single(histogram.Exemplars.OfType<Exemplar>()).Labels[0].Value);
    }

    // A server creates activities only if there is a listener.
    private static ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = static (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
                    ? ActivitySamplingResult.AllDataAndRecorded
                    : ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static Task<TestApp> StartAsync(
        Func<Instrumentation, Instrumentation> change,
        Registry? registry = null
    ) =>
        TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapGet("/x", () => "x");
                app.MapInstrumentator(options: new ScrapeOptions { Registry = registry });
            },
            change);

    private static async Task<string> ReadAsync(
        TestApp app, string accepted, string query = "", string path = "/metrics")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path + query);
        request.Headers.TryAddWithoutValidation("Accept", accepted);
        var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
