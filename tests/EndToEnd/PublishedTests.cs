using System.Net.Http.Headers;
using Instrumentator.Shared;

namespace Instrumentator.EndToEnd;

/// <summary>The sample published without what it does not need, with a runtime of its own, or compiled ahead of time:
/// nothing is missing, and those who cut and compile have nothing to say.</summary>
public sealed class PublishedTests
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
        Assert.SkipUnless(
            OutsidePrograms.IsCi,
            "Publishing takes minutes and a runtime from the registry: CI does it. Set CI=true to do it here.");
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.Is64BitProcess,
            "The runtime that is published is that of linux-x64.");
        var folder = Directory.CreateTempSubdirectory("published-");
        try
        {
            await PublishAsync(folder.FullName, way);
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
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // All of it stands in the folder, so that the files of this build stay as they are.
    private static async Task PublishAsync(string folder, string way)
    {
        await using var publish = ChildProcess.Start(
            SampleProcess.Dotnet,
            [
                "publish",
                Path.Combine(Snippets.Root, "samples", "MinimalApi"),
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
