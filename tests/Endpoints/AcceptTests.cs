using Microsoft.Extensions.Primitives;

namespace Instrumentator.Tests;

/// <summary>What a scrape answers to the Accept headers that are really sent, and to those of somebody who means harm.</summary>
public sealed class AcceptTests
{
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";
    private const string Utf8Text = "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8";
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private const string Protobuf = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

    // Some bytes, which depend on what the JIT made of the code by then; the headers have a million.
    private const long Slack = 500;

    [Theory]
    // Prometheus 2.42: by default, and with native histograms.
    [InlineData(OpenMetrics, "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1")]
    [InlineData(Protobuf, "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1")]
    // Prometheus 2.49 and later: weights of another kind, without and with protobuf first.
    [InlineData(OpenMetrics, "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2")]
    [InlineData(Protobuf, "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.5,application/openmetrics-text;version=1.0.0;q=0.4,application/openmetrics-text;version=0.0.1;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1")]
    // Prometheus 3: by default, with native histograms, for names of the old kind, and with text first.
    [InlineData(OpenMetrics + "; escaping=allow-utf-8", "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2")]
    [InlineData(Protobuf, "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1")]
    [InlineData(OpenMetrics + "; escaping=underscores", "application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=underscores;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2")]
    [InlineData(Utf8Text, "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.4")]
    // VictoriaMetrics, curl, nobody.
    [InlineData(Text, "text/plain;version=0.0.4;q=1,*/*;q=0.1")]
    [InlineData(Text, "*/*")]
    [InlineData(Text, null)]
    public async Task The_content_type_of_an_answer_is_exact(string expected, string? accepted)
    {
        await using var app = await TestApp.StartAsync(app => app.MapInstrumentator());

        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (accepted is not null)
            Assert.True(request.Headers.TryAddWithoutValidation("Accept", accepted));
        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, Assert.Single(response.Content.Headers.NonValidated["Content-Type"]));
        Assert.Contains("Accept", response.Headers.Vary);
    }

    [Fact]
    public async Task A_hostile_header_costs_no_more_garbage_than_a_usual_one()
    {
        await using var app = await TestApp.StartAsync(app => app.MapInstrumentator());
        var scrape = app.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.Single(one => one.DisplayName == "Prometheus metrics").RequestDelegate!;
        string[] hostile =
        [
            new('x', 1 << 20),
            new(',', 1 << 20),
            new(';', 1 << 20),
            new('"', 1 << 20),
            string.Concat(Enumerable.Repeat("text/plain;q=0.5,", 60_000)),
            string.Concat(Enumerable.Repeat("application/openmetrics-text;version=9;escaping=values;q=0.1;a=\"\\\",", 15_000)),
        ];

        var usual = Garbage(scrape, "*/*");

        Assert.All(hostile, header => Assert.InRange(Garbage(scrape, header), 0, usual + Slack));
        Assert.InRange(Garbage(scrape, Enumerable.Repeat("text/plain;q=0.5", 60_000).ToArray()), 0, usual + Slack);
    }

    /// <summary>What a scrape allocates beside its request and its header, at the least: the first ones of many compile.</summary>
    private static long Garbage(RequestDelegate scrape, StringValues header) => Enumerable.Range(0, 50).Min(_ =>
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Headers.Accept = header;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(scrape(context).IsCompletedSuccessfully);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });
}
