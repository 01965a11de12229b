using System.Buffers;
using System.Globalization;
using System.Text;

namespace Instrumentator.Properties;

/// <summary>A million series: none is lost while threads create, write and scrape them at once, and a write to an
/// existing series does not wait for the creation of another one.</summary>
public class MillionTests
{
    private const int Series = 1_000_000;
    private const int Histograms = Series / 20;
    private const int ThreadCount = 3;

    [Fact]
    public void A_million_series_that_threads_make_and_write_are_all_there_and_no_scrape_meanwhile_sees_one_fall()
    {
        var registry = new Registry(Series);
        var counters = registry.Counter("a", "Help.", "x", "y");
        var histograms = registry.Histogram("b", "Help.", [0.5], "x");
        var watch = new SumWatch(registry);
        Threads.Run(
            ThreadCount,
            thread =>
            {
                for (var i = 0; i < Series; i++)
                {
                    // Each thread starts at another series, so it creates series that the other threads find.
                    var number = (i + (thread * Series / ThreadCount)) % Series;
                    counters.With($"{number}", "y").Increment();
                    if (number < Histograms)
                        histograms.With($"{number}").Observe(number % 2);
                }
            },
            meanwhile: watch.Look);

        Assert.Equal(
            [(Series, ThreadCount * (double)Series), (Histograms, ThreadCount * (double)Histograms)],
            watch.Last);
        AssertBucketsAreCounts(registry);
    }

    [Fact]
    public void Who_writes_known_series_does_not_wait_for_one_that_makes_a_new_series()
    {
        using var backend = new SlowBackend();
        var registry = new Registry(backend);
        var family = registry.Counter("a", "Help.", "x");
        var other = registry.Counter("b", "Help.", "x");
        family.With("known").Increment();
        var making = Task.Run(() => family.With(SlowBackend.Slow).Increment(), TestContext.Current.CancellationToken);
        backend.WaitUntilMaking();

        // If any of these waited, it would wait forever: only the last line releases the other thread.
        family.With("known").Increment();
        other.With("new").Increment();
        Assert.Equal(new SampleValue.Counter(2), registry.Scrape().Find("a_total", "known"));
        Assert.False(making.IsCompleted);
        backend.GoOn();
    }

    private static void AssertBucketsAreCounts(Registry registry)
    {
        var text = new ArrayBufferWriter<byte>();
        ExpositionFormat.Prometheus.WriteAsync(registry, text, TestContext.Current.CancellationToken)
            .AsTask()
            .GetAwaiter()
            .GetResult();
        var lines = Encoding.UTF8.GetString(text.WrittenSpan).Split('\n');
        var infinite = lines.Where(line => line.Contains("le=\"+Inf\"", StringComparison.Ordinal))
            .Select(ValueOf)
            .ToArray();
        Assert.Equal(Histograms, infinite.Length);
        Assert.Equal(
            infinite,
            lines.Where(line => line.StartsWith("b_count", StringComparison.Ordinal)).Select(ValueOf));
    }

    private static double ValueOf(string line) =>
        double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
}
