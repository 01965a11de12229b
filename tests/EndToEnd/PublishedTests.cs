using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Instrumentator.Shared;

namespace Instrumentator.EndToEnd;

/// <summary>The sample published without what it does not need, with a runtime of its own, or compiled ahead of time:
/// nothing is missing, and those who cut and compile have nothing to say.</summary>
public sealed partial class PublishedTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(8);

    // A package that is not there, in no version or not in this one; and no linker, which the compiler leaves to the
    // machine.
    private static readonly string[] _missing = ["NU1101", "NU1102", "Platform linker"];

    [Theory]
    [InlineData("-p:PublishTrimmed=true")]
    [InlineData("-p:PublishAot=true")]
    public async Task The_sample_is_published_without_a_warning_and_answers_a_scrape(string way)
    {
        SkipUnlessPublishable();
        var folder = Directory.CreateTempSubdirectory("published-");
        try
        {
            await PublishAsync("MinimalApi", folder.FullName, way);
            await using var shop = await SampleProcess.StartProgramAsync(
                Path.Combine(folder.FullName, "out", "MinimalApi"));
            using var order = new StringContent(
                """{"product":1,"quantity":2,"country":"DE"}""",
                new MediaTypeHeaderValue("application/json"));
            using var taken = await shop.Client.PostAsync("/orders", order, TestContext.Current.CancellationToken);
            await shop.Client.GetStringAsync("/products", TestContext.Current.CancellationToken);

            var scrape = await ScrapeText.GetAsync(shop.Client);

            Assert.Equal(1, scrape["http_requests_total{handler=\"/products\",method=\"GET\",status=\"2xx\"}"]);
            Assert.Equal(1, scrape["http_requests_total{handler=\"/orders\",method=\"POST\",status=\"2xx\"}"]);
            Assert.Equal(1, scrape["shop_orders_total{country=\"DE\"}"]);
            await AssertPageAsync(shop.Client);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Kinds_and_outcomes_of_gRPC_calls_are_known_in_a_native_app()
    {
        SkipUnlessPublishable();
        var folder = Directory.CreateTempSubdirectory("published-");
        try
        {
            await PublishAsync("GrpcApp", folder.FullName, "-p:PublishAot=true");
            var output = Path.Combine(folder.FullName, "out");
            await using var stock = ChildProcess.Start(
                Path.Combine(output, "GrpcApp"),
                [
                    $"--contentRoot={output}",
                    "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0",
                    "--Kestrel:Endpoints:Metrics:Url=http://127.0.0.1:0",
                ]);
            var (grpc, metrics) = await AddressesAsync(stock);
            await CallAsync(new Uri(grpc, "/shop.Stock/Get"), id: 1);
            await CallAsync(new Uri(grpc, "/shop.Stock/Get"), id: 0);
            await CallAsync(new Uri(grpc, "/shop.Stock/Watch"), id: 1);

            using var client = new HttpClient { BaseAddress = metrics };
            var scrape = await ScrapeText.GetAsync(client);

            const string Get = "handler=\"/shop.Stock/Get\",method=\"POST\"";
            const string Watch = "handler=\"/shop.Stock/Watch\"";
            Assert.Equal(1, scrape[$"http_request_duration_seconds_count{{{Get},grpc_status=\"OK\"}}"]);
            Assert.Equal(1, scrape[$"http_request_duration_seconds_count{{{Get},grpc_status=\"NOT_FOUND\"}}"]);
            Assert.Equal(1, scrape[$"http_long_lived_request_duration_seconds_count{{{Watch}}}"]);
            Assert.Equal(
                1,
                scrape[$"http_requests_total{{{Watch},method=\"POST\",status=\"2xx\",grpc_status=\"OK\"}}"]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The page is embedded in its assembly, and the data are written without reflection.
    private static async Task AssertPageAsync(HttpClient client)
    {
        var page = await client.GetStringAsync("/metrics-live", TestContext.Current.CancellationToken);
        var data = await Poll.UntilAsync(
            () => client.GetStringAsync("/metrics-live/data", TestContext.Current.CancellationToken),
            IsShown,
            TimeSpan.FromSeconds(20));

        Assert.Contains("<script type=\"module\">", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/* page.js */", page, StringComparison.Ordinal);
        Assert.True(IsShown(data), data);

        static bool IsShown(string data) => data.Contains("{\"handler\":\"/orders\"}", StringComparison.Ordinal);
    }

    private static void SkipUnlessPublishable()
    {
        Assert.SkipUnless(
            OutsidePrograms.IsCi,
            "Publishing takes minutes and a runtime from the registry: CI does it. Set CI=true to do it here.");
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.Is64BitProcess,
            "The runtime that is published is that of linux-x64.");
    }

    // In the order of the names of the endpoints.
    private static async Task<(Uri Grpc, Uri Metrics)> AddressesAsync(ChildProcess process)
    {
        var found = await Poll.UntilAsync(
            () => Task.FromResult(Listening().Matches(process.Output)),
            found => found.Count == 2 || process.HasExited,
            TimeSpan.FromSeconds(60));
        Assert.True(found.Count == 2, process.Output);
        return (new Uri(found[0].Groups["address"].Value), new Uri(found[1].Groups["address"].Value));
    }

    // Without a client for gRPC: a message is its length after a flag, and then its fields, here the first one.
    private static async Task CallAsync(Uri method, byte id)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { TE = { new("trailers") } },
            Content = new ByteArrayContent([0, 0, 0, 0, 2, 8, id])
            {
                Headers = { ContentType = new("application/grpc") },
            },
        };
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [GeneratedRegex(
        @"Now listening on: (?<address>http://127\.0\.0\.1:\d+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();

    // All of it stands in the folder, so that the files of this build stay as they are.
    private static async Task PublishAsync(string sample, string folder, string way)
    {
        await using var publish = ChildProcess.Start(
            SampleProcess.Dotnet,
            [
                "publish",
                Path.Combine(Snippets.Root, "samples", sample),
                "-c",
                "Release",
                "-r",
                "linux-x64",
                "--self-contained",
                way,
                "-p:UseSharedCompilation=false",
                "-nodeReuse:false",
                "--artifacts-path",
                Path.Combine(folder, "artifacts"),
                "-o",
                Path.Combine(folder, "out"),
            ]);
        await publish.WaitForExitAsync(_patience);
        Assert.SkipWhen(
            _missing.Any(code => publish.Output.Contains(code, StringComparison.Ordinal)),
            $"What {way} needs beside the SDK is not to be had here:\n{publish.Output}");
        Assert.True(publish.ExitCode == 0, publish.Output);
        Assert.DoesNotContain(
            publish.Lines,
            line =>
                line.Contains("warning ", StringComparison.OrdinalIgnoreCase)
                && !line.Contains("NU190", StringComparison.Ordinal));
    }
}
