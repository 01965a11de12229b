using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Instrumentator.Properties;

/// <summary>Code that runs for each request allocates nothing once its series exist.</summary>
public class AllocationTests
{
    [Fact]
    public void Recording_the_default_metrics_on_a_known_route_allocates_nothing()
    {
        var recorder = new Recorder(Instrumentation.Default.WithRegistry(new()), (_, _) => { });
        var route = recorder.Templated("/items/{id}");
        AssertAllocatesNothing(i => recorder.Record(route, new RequestFacts
        {
            Method = "GET",
            Template = "/items/{id}",
            StatusCode = i % 2 == 0 ? 200 : 404,
            EndedAt = i,
            TicksPerSecond = 1_000,
            RequestSize = i,
            ResponseSize = i * 1_000_000L,
        }));
    }

    [Fact]
    public void Recording_composed_metrics_allocates_nothing()
    {
        var registry = new Registry();
        var metrics = Metrics.Latency(new() { Registry = registry }).When(info => info.StatusCode != 404)
            .Then(Metrics.CombinedSize(new() { Registry = registry, CustomLabels = [("app", "x")] }))
            .Then(Metrics.From(_ => { }));
        var recorder = new Recorder(
            Instrumentation.Default.Add(metrics).With(config => config with { LatencyDecimals = 4 }),
            (_, _) => { });
        var route = recorder.Templated("/items/{id}");
        AssertAllocatesNothing(i => recorder.Record(route, new RequestFacts
        {
            Method = "POST",
            StatusCode = 200 + i % 300,
            EndedAt = i * 3,
            TicksPerSecond = 1_000,
        }));
    }

    [Fact]
    public void Finding_an_unmatched_path_allocates_nothing()
    {
        var instrumentation = Instrumentation.Default
            .WithRegistry(new())
            .With(config => config with { Untemplated = Untemplated.Path(1) });
        var recorder = new Recorder(instrumentation, (_, _) => { });
        string[] paths = ["/known", "/over the limit"];
        AssertAllocatesNothing(i => recorder.Untemplated(paths[i % 2]));
    }

    [Fact]
    public void Writing_to_a_known_series_allocates_nothing()
    {
        var registry = new Registry(seriesLimit: 2);
        var counters = registry.Counter("a", "Help.", "x", "y");
        var histograms = registry.Histogram("b", "Help.", [1, 10], "x");
        var summary = registry.Summary("c", "Help.");
        AssertAllocatesNothing(i =>
        {
            counters.With("GET", "/items").Increment();
            counters.With("POST", null).Increment(0.5);
            histograms.With("GET").Observe(i);
            summary.Observe(i);
            summary.Observe(i * 0.5);
        });
    }

    [Fact]
    public void Rounding_allocates_nothing_but_at_a_tie() =>
        AssertAllocatesNothing(i => Rounding.Round(i * 0.0123_4567, 4));

    [Theory]
    [InlineData(
        "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
        "br, gzip;q=0.5")]
    [InlineData(",\",;q=x,*/*;q=0.1x;;;version", ";;q=,gzip;\"")]
    public void Negotiating_format_and_encoding_allocates_nothing(string accept, string encoding)
    {
        StringValues[] formats =
        [
            accept,
            string.Concat(Enumerable.Repeat(accept + ",", 10_000)),
            new StringValues([accept, null, accept]),
        ];
        StringValues[] encodings =
        [
            encoding,
            string.Concat(Enumerable.Repeat(encoding + ",", 10_000)),
            new StringValues([encoding, null, encoding]),
        ];
        AssertAllocatesNothing(i =>
        {
            Accept.Choose(formats[i % 3]);
            AcceptEncoding.TakesGzip(encodings[i % 3]);
        });
    }

    [Fact]
    public void Writing_a_scrape_allocates_the_same_for_few_series_as_for_many() =>
        Assert.All(ExpositionFormat.All, format =>
        {
            Snapshot few = SnapshotOf(series: 1), many = SnapshotOf(series: 500);
            AssertSame(Least(output => format.Write(few, output)), Least(output => format.Write(many, output)));
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Scraping_a_registry_allocates_the_same_for_few_series_as_for_many(bool includesOthers) =>
        Assert.All(ExpositionFormat.All, format =>
        {
            Registry few = RegistryOf(series: 1), many = RegistryOf(series: 500);
            if (includesOthers)
                (few, many) = (few.Include(new Other()), many.Include(new Other()));
            AssertSame(
                Least(output => AssertDone(format.WriteAsync(few, output, CancellationToken.None))),
                Least(output => AssertDone(format.WriteAsync(many, output, CancellationToken.None))));
        });

    /// <summary>Returns the fewest bytes that a write allocates. The first of many writes also compile code.</summary>
    private static long Least(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>(1 << 20);
        return Enumerable.Range(0, 100).Min(_ =>
        {
            output.ResetWrittenCount();
            var before = GC.GetAllocatedBytesForCurrentThread();
            write(output);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }

    // Less than one byte for each further series. The exact number depends on what the JIT has compiled so far.
    private static void AssertSame(long few, long many) => Assert.InRange(many, 0, few + 499);

    private static void AssertDone(ValueTask written) => Assert.True(written.IsCompletedSuccessfully);

    private static Snapshot SnapshotOf(int series) => RegistryOf(series).Scrape();

    private static Registry RegistryOf(int series)
    {
        var registry = new Registry();
        for (var i = 0; i < series; i++)
        {
            var label = i.ToString(CultureInfo.InvariantCulture);
            registry.Counter("a", "Help.", "x").With(label).Increment(0.5);
            registry.Gauge("b", "Help.", "x").With(label).Set(i);
            registry.Histogram("c", "Help.", [0.1, 1], "x").With(label).Observe(i);
            registry.Summary("d", "Help.", "x").With(label).Observe(i);
        }
        return registry;
    }

    internal static void AssertAllocatesNothing(Action<int> action)
    {
        const int Times = 5_000;
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Times; i++)
                action(i);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // The first round creates every series and compiles code; on a busy machine, a later round may still compile.
        // An allocation per request shows in every round.
        Allocated();
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => Allocated()));
    }

    private sealed class Other : IMetricCollector
    {
        public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<ValueList<FamilySnapshot>>([]);
    }
}
