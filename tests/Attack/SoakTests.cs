using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Instrumentator.Testing;

namespace Instrumentator.Attack;

/// <summary>Mixed traffic for a long time: a minute, or as long as <see cref="Budget.Variable"/> says.</summary>
public sealed class SoakTests
{
    private const int Looks = 12;

    // What threads, sockets and buffers of a moment may take more than they took after a while.
    private const long MoreBytes = 16_000_000;
    private const int MoreHandles = 100;
    private const int MoreThreads = 40;

    // Busy series have a stripe for each thread that writes them, so what they take grows with the threads: here these
    // are as many from the start.
    private const int PoolThreads = 16;

    [Fact]
    public async Task Nothing_grows_and_nothing_is_lost()
    {
        ThreadPool.GetMinThreads(out var minThreads, out var minPorts);
        ThreadPool.GetMaxThreads(out var maxThreads, out var maxPorts);
        ThreadPool.SetMinThreads(PoolThreads, PoolThreads);
        ThreadPool.SetMaxThreads(PoolThreads, PoolThreads);
        try
        {
            await SoakAsync();
        }
        finally
        {
            ThreadPool.SetMaxThreads(maxThreads, maxPorts);
            ThreadPool.SetMinThreads(minThreads, minPorts);
        }
    }

    private static async Task SoakAsync()
    {
        var (seed, time) = (Budget.Seed(), Budget.Of(60));
        await using var app = await HostileApp.StartAsync();
        using var oracle = new Oracle(app);
        using var traffic = new Traffic(app, seed);
        Write($"{Budget.SeedVariable}={seed}");
        Write(
            $"{"s",6} {"requests",12} {"in app",12} {"scrapes",9} {"refused",8} {"MB read",8} {"samples",8} {"kB",8} {"handles",8} {"threads",8}");
        var first = default(Usage);
        for (var look = 1; look <= Looks; look++)
        {
            using (var over = new CancellationTokenSource(time / Looks))
                await traffic.RunAsync(over.Token);

            // The traffic stands still for a moment: now everything must add up.
            await oracle.CheckAsync();
            AssertAnswered(app.Registry, traffic);
            var usage = Usage.Now();
            Write(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{time.TotalSeconds * look / Looks,6:n0} {traffic.Requests,12:n0} {app.Arrived,12:n0} "
                        + $"{traffic.Scrapes,9:n0} {traffic.Refused,8:n0} {traffic.Bytes >> 20,8:n0} {oracle.Samples,8:n0} {usage.Bytes >> 10,8:n0} {usage.Handles,8:n0} {usage.Threads,8:n0}"));
            first = look == Looks / 4 ? usage : first;
            if (look > Looks / 4)
                AssertNoMoreThan(usage, first);
        }
    }

    private static void AssertNoMoreThan(Usage usage, Usage first)
    {
        Assert.InRange(usage.Bytes, 0, first.Bytes + MoreBytes);
        Assert.InRange(usage.Handles, 0, first.Handles + MoreHandles);
        Assert.InRange(usage.Threads, 0, first.Threads + MoreThreads);
    }

    // Routes that only clients ask for who wait for the answer: what they counted is what is recorded.
    private static void AssertAnswered(Registry registry, Traffic traffic)
    {
        var recorded = ParsedScrape
            .Prometheus(registry.ToText())
            .Families.Single(family => family.Name == "http_requests_total")
            .Samples.Where(sample => sample.ValueOf("handler")!.StartsWith("/good/", StringComparison.Ordinal))
            .ToDictionary(
                sample => $"{sample.ValueOf("method")} {sample.ValueOf("handler")} {sample.ValueOf("status")}",
                sample => (long)sample.Value);
        Assert.Equal(
            traffic.Answered.OrderBy(one => one.Key, StringComparer.Ordinal),
            recorded.OrderBy(one => one.Key, StringComparer.Ordinal));
    }

    private static void Write(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    /// <summary>What the process takes.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Usage(long Bytes, int Handles, int Threads)
    {
        public static Usage Now()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using var process = Process.GetCurrentProcess();
            var handles = Directory.Exists("/proc/self/fd")
                ? Directory.GetFileSystemEntries("/proc/self/fd").Length
                : process.HandleCount;
            return new(GC.GetTotalMemory(forceFullCollection: true), handles, process.Threads.Count);
        }
    }
}
