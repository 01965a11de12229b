namespace Instrumentator.Tests;

/// <summary>The content type for the <c>Accept</c> headers that real readers send.</summary>
public sealed class AcceptTests
{
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";
    private const string Utf8Text = "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8";
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private const string Protobuf =
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

    [Theory]
    // Prometheus 2.42: by default, and with native histograms.
    [InlineData(
        OpenMetrics,
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
    )]
    [InlineData(
        Protobuf,
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
    )]
    // Prometheus 2.49 and later: weights of another kind, without and with protobuf first.
    [InlineData(
        OpenMetrics,
        "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
    )]
    [InlineData(
        Protobuf,
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.5,application/openmetrics-text;version=1.0.0;q=0.4,application/openmetrics-text;version=0.0.1;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
    )]
    // Prometheus 3: by default, with native histograms, for names of the old kind, and with text first.
    [InlineData(
        OpenMetrics + "; escaping=allow-utf-8",
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
    )]
    [InlineData(
        Protobuf,
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
    )]
    [InlineData(
        OpenMetrics + "; escaping=underscores",
        "application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=underscores;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
    )]
    [InlineData(
        Utf8Text,
        "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.4"
    )]
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
}
