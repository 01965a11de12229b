using System.Diagnostics;
using System.Globalization;

namespace Instrumentator.Properties;

/// <summary>The metrics of the process agree with other ways to read them: <c>/proc</c>, <c>ps</c> and
/// <c>ulimit</c>.</summary>
public sealed class ProcessTests
{
    private static readonly string[] _names =
    [
        "process_cpu_seconds_total", "process_start_time_seconds", "process_threads", "process_num_threads",
        "process_open_fds", "process_max_fds", "process_open_handles", "process_resident_memory_bytes",
        "process_working_set_bytes", "process_private_memory_bytes", "process_virtual_memory_bytes",
        "process_virtual_memory_max_bytes", "process_heap_bytes", "dotnet_total_memory_bytes",
        "dotnet_collection_count_total",
    ];

    [Fact]
    public void A_registry_that_includes_them_shows_them_once_after_its_own()
    {
        SkipUnlessLinux();
        var registry = new Registry().IncludeProcess().IncludeProcess();
        registry.Counter("own", "Help.");

        Assert.Equal(
            ["own_total", .. _names], registry.Scrape().Families.Select(family => family.Definition.Name));
    }

    [Fact]
    public void A_registry_shows_none_unless_it_includes_them() => Assert.Empty(new Registry().Scrape().Families);

    [Fact]
    public void A_missing_registry_is_refused() =>
        Assert.Throws<ArgumentNullException>(() => ((Registry)null!).IncludeProcess());

    [Fact]
    public void Memory_and_threads_are_those_of_ps()
    {
        SkipUnlessLinux();
        var id = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var judged = Run("ps", "-o", "rss=,vsz=,nlwp=", "-p", id)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture))
            .ToArray();

        AssertNear(1_024 * judged[0], Read("process_resident_memory_bytes"));
        AssertNear(1_024 * judged[1], Read("process_virtual_memory_bytes"));
        AssertNear(judged[2], Read("process_threads"));
    }

    [Fact]
    public void The_limit_of_open_files_is_that_of_ulimit()
    {
        SkipUnlessLinux();
        var judged = Run("sh", "-c", "ulimit -n");

        Assert.Equal(
            judged == "unlimited" ? ulong.MaxValue : double.Parse(judged, CultureInfo.InvariantCulture),
            Read("process_max_fds"));
    }

    [Fact]
    public void Each_open_file_is_counted()
    {
        SkipUnlessLinux();
        const int Files = 300;
        var files = Enumerable.Range(0, Files).Select(_ => File.OpenRead("/proc/self/stat")).ToArray();
        var (judged, open) = (Directory.GetFiles("/proc/self/fd").Length, Read("process_open_fds"));
        Array.ForEach(files, file => file.Dispose());

        Assert.InRange(open, Files, double.MaxValue);
        AssertNear(judged, open);
        Assert.InRange(Read("process_open_handles"), 1, double.MaxValue);
    }

    [Fact]
    public void Each_thread_is_counted()
    {
        SkipUnlessLinux();
        const int Count = 100;
        using var end = new ManualResetEventSlim();
        var threads = Enumerable.Range(0, Count).Select(_ => new Thread(end.Wait)).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        var (judged, counted) = (Directory.GetDirectories("/proc/self/task").Length, Read("process_threads"));
        end.Set();
        Array.ForEach(threads, thread => thread.Join());

        Assert.InRange(counted, Count, double.MaxValue);
        AssertNear(judged, counted);
    }

    [Fact]
    public void The_start_time_is_that_of_proc_and_stays()
    {
        SkipUnlessLinux();
        const double TicksPerSecond = 100;
        var booted = File.ReadLines("/proc/stat").Single(line => line.StartsWith("btime ", StringComparison.Ordinal));
        var stat = File.ReadAllText("/proc/self/stat");
        var afterName = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var judged = double.Parse(booted["btime ".Length..], CultureInfo.InvariantCulture)
            + (double.Parse(afterName[19], CultureInfo.InvariantCulture) / TicksPerSecond);

        var started = Read("process_start_time_seconds");

        Assert.InRange(started, judged - 2, judged + 2);
        Assert.Equal(started, Read("process_start_time_seconds"));
    }

    [Fact]
    public void CPU_time_rises_with_the_work_of_the_process_and_never_falls()
    {
        var first = Read("process_cpu_seconds_total");
        var before = Environment.CpuUsage.TotalTime;
        while (Environment.CpuUsage.TotalTime - before < TimeSpan.FromMilliseconds(50))
        {
            // Works.
        }

        Assert.InRange(Read("process_cpu_seconds_total"), first + 0.05, first + 600);
    }

    [Fact]
    public void The_heap_and_its_collections_are_those_of_the_runtime()
    {
        var before = GC.CollectionCount(2);
        GC.Collect();
        var registry = new Registry().IncludeProcess();
        var collections = Assert.IsType<SampleValue.Counter>(
            registry.Scrape().Find("dotnet_collection_count_total", "2"));

        Assert.InRange(collections.Value, before + 1, GC.CollectionCount(2));
        Assert.InRange(Read("process_heap_bytes"), 100_000, 100e9);
        Assert.InRange(Read("dotnet_total_memory_bytes"), 100_000, 100e9);
    }

    [Fact]
    public void Without_proc_the_base_class_library_gives_the_same_values()
    {
        SkipUnlessLinux();
        var (bcl, proc) = (ProcessReading.OfBcl(), ProcessReading.Now());

        Assert.Equal(proc.StartTime, bcl.StartTime);
        AssertNear(proc.Threads!.Value, bcl.Threads!.Value);
        AssertNear(proc.OpenFiles!.Value, bcl.OpenFiles!.Value);
        AssertNear(proc.OpenHandles!.Value, bcl.OpenHandles!.Value);
        AssertNear(proc.ResidentBytes!.Value, bcl.ResidentBytes!.Value);
        AssertNear(proc.PrivateBytes!.Value, bcl.PrivateBytes!.Value);
        AssertNear(proc.VirtualBytes!.Value, bcl.VirtualBytes!.Value);
        Assert.Null(bcl.MaxFiles);
        Assert.Null(bcl.MaxVirtualBytes);
    }

    [Fact]
    public void A_value_that_cannot_be_read_is_left_out_and_the_others_stay()
    {
        var registry = new Registry().Include(new ProcessCollector(() => new ProcessReading { Threads = 7 }));

        var scrape = registry.Scrape();

        Assert.Equal(new SampleValue.Gauge(7), scrape.Find("process_threads"));
        Assert.Equal(
            [
                "process_threads", "process_num_threads", "process_heap_bytes", "dotnet_total_memory_bytes",
                "dotnet_collection_count_total",
            ],
            scrape.Families.Select(family => family.Definition.Name));
    }

    [Theory]
    [InlineData("VmRSS:\t   45168 kB\nThreads:\t8\n", 45_168 * 1_024.0, 8.0)]
    [InlineData("Name:\tThreads: 9\nThreads:\t8", null, 8.0)]
    [InlineData("VmRSS:\t kB\nThreads:\tmany\n", null, null)]
    [InlineData("VmRSS:\t-5 kB\nThreads:\t1e3\n", null, null)]
    [InlineData("VmRSS\nThreads", null, null)]
    [InlineData("", null, null)]
    public void A_status_is_read_line_by_line(string status, double? resident, double? threads) =>
        Assert.Equal(
            (resident, threads), (LinuxProcess.Status(status, "VmRSS"), LinuxProcess.Status(status, "Threads")));

    [Theory]
    [InlineData("Max open files            1024                 4096                 files     \n", 1_024.0)]
    [InlineData("Max open files        unlimited        unlimited        files     \n", 1.8446744073709552e19)]
    [InlineData("Max open files            1024", 1_024.0)]
    [InlineData("Max open files            none", null)]
    [InlineData("Max open files", null)]
    [InlineData("Max processes             96365", null)]
    public void A_limit_is_the_soft_one(string limits, double? expected) =>
        Assert.Equal(expected, LinuxProcess.SoftLimit(limits, "Max open files"));

    private static double Read(string name) => new Registry().IncludeProcess().Scrape().Find(name) switch
    {
        SampleValue.Counter counter => counter.Value,
        SampleValue.Gauge gauge => gauge.Value,
        _ => throw new InvalidOperationException($"There is no {name}."),
    };

    // Other tests run in this process at the same time.
    private static void AssertNear(double expected, double actual) =>
        Assert.InRange(actual, (expected * 0.7) - 20, (expected * 1.4) + 20);

    private static void SkipUnlessLinux() =>
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has the programs and files that judge the values.");

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Trim();
    }
}
