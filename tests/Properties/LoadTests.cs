using System.Globalization;
using System.Text;

namespace Instrumentator.Properties;

/// <summary>Thousands of scrapes while threads record requests, make series and observe all the time: none is
/// torn.</summary>
public class LoadTests
{
    private const int Writers = 3;

    // The number of series of a family at the end. They are created one by one as the scrapes proceed.
    private const int Series = 8;

    // The index in the list of formats, and the number of scrapes: 10,000 in total.
    [Theory]
    [InlineData(0, 3_500)]
    [InlineData(1, 1_000)]
    [InlineData(2, 3_500)]
    [InlineData(3, 2_000)]
    public void No_scrape_is_torn(int format, int scrapes)
    {
        var registry = new Registry();
        var watch = new LoadWatch(registry, ExpositionFormat.All[format]);
        var load = new Load(registry);
        var written = new long[Writers];
        var isOver = false;
        Threads.Run(Writers + 1, thread =>
        {
            if (thread == Writers)
                Scrape(watch, scrapes, ref isOver);
            else
                written[thread] = load.Run(ref isOver, () => watch.Numbers.Scrapes * Series / scrapes);
        });

        watch.Look();
        Assert.Equal(scrapes + 1, watch.Numbers.Scrapes);
        AssertNothingIsLost(registry.Scrape(), written.Sum());
    }

    [Theory]
    [InlineData("a_total 1\na_total 1\n")]
    [InlineData("a_total 0\n")]
    [InlineData("b_total 1\n")]
    [InlineData("a_total 1")]
    [InlineData("a_total 1\nb{x=\"1\n")]
    [InlineData("a_total 1\nb_total NaN\n")]
    [InlineData("a_total 1\nh_bucket{le=\"1.0\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_count 1\n")]
    [InlineData("a_total 1\nh_bucket{le=\"1.0\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_count 2\n")]
    public void A_torn_scrape_is_detected(string torn)
    {
        var watch = new LoadWatch(new(), ExpositionFormat.Prometheus);
        watch.Read("a_total 1\n"u8);
        Assert.Throws<FormatException>(() => watch.Read(Encoding.UTF8.GetBytes(torn)));
    }

    private static void Scrape(LoadWatch watch, int scrapes, ref bool isOver)
    {
        try
        {
            for (var i = 0; i < scrapes; i++)
                watch.Look();
        }
        finally
        {
            Volatile.Write(ref isOver, true);
        }
    }

    private static void AssertNothingIsLost(Snapshot snapshot, long times)
    {
        Assert.Equal(times, CountOf(snapshot, "http_requests_total"));
        Assert.Equal(times, CountOf(snapshot, "http_request_duration_seconds"));
        Assert.Equal(times, CountOf(snapshot, "http_request_duration_highr_seconds"));
        Assert.Equal(times, CountOf(snapshot, "jobs_total"));
        Assert.Equal(times, CountOf(snapshot, "classic_seconds"));
        Assert.Equal(times, CountOf(snapshot, "native_seconds"));
        Assert.Equal(times, CountOf(snapshot, "both_seconds"));
        Assert.Equal(Series, snapshot.Families.Single(family => family.Definition.Name == "jobs_total").Samples.Count);
        Assert.True(Assert.IsType<SampleValue.Histogram>(snapshot.Find("native_seconds", "0")).Native!.Schema < 8);
    }

    private static double CountOf(Snapshot snapshot, string name) =>
        snapshot
            .Families.Single(family => family.Definition.Name == name)
            .Samples.Sum(sample =>
                sample.Value.Match(
                    counter => counter.Value,
                    gauge => 0,
                    histogram => histogram.Count,
                    summary => summary.Count));

    /// <summary>The series that the threads write, and how they write them.</summary>
    private sealed class Load
    {
        private readonly Recorder _recorder;
        private readonly Route[] _routes;
        private readonly Family<Counter> _jobs;
        private readonly Family<Histogram> _classic;
        private readonly Family<Histogram> _native;
        private readonly Family<Histogram> _both;

        public Load(Registry registry)
        {
            // Every request leaves an exemplar, so exemplars are replaced while scrapes read them.
            var exemplars = new ExemplarOptions { Labels = _ => [("trace_id", "1")], Interval = TimeSpan.Zero };
            _recorder = new Recorder(
                Instrumentation
                    .Default.WithRegistry(registry)
                    .With(config => config with { Exemplars = exemplars })
                    .Add(
                        Metrics.Default(
                            new()
                            {
                                Registry = registry,
                                Native = new() { Schema = 5, MaxBuckets = 10 },
                            })),
                (_, _) => { });
            _routes = [.. Enumerable.Range(0, Series).Select(i => _recorder.Templated($"/route/{i}"))];
            _jobs = registry.Counter("jobs_total", "Help.", "x");
            _classic = registry.Histogram("classic_seconds", "Help.", [0.1, 1, 10], "x");
            _native = registry.Histogram(
                "native_seconds",
                "Help.",
                new HistogramOptions
                {
                    Native = new() { Schema = 8, MaxBuckets = 20 },
                    Buckets = [],
                },
                "x");
            _both = registry.Histogram(
                "both_seconds",
                "Help.",
                new HistogramOptions
                {
                    Native = new() { ZeroThreshold = 0.01, MaxBuckets = 40 },
                    Buckets = [0.1, 1, 10],
                },
                "x");
        }

        /// <summary>Writes repeatedly, each time to one of the series in use so far.</summary>
        /// <returns>The number of writes.</returns>
        public long Run(ref bool isOver, Func<int> newest)
        {
            var times = 0L;
            for (; !Volatile.Read(ref isOver); times++)
                Write(times, (int)(times % (Math.Min(newest(), Series - 1) + 1)));
            return times;
        }

        private void Write(long time, int series)
        {
            // From 0 to a few minutes; the range grows with the index of the series.
            var seconds = time % 50 / 50.0 * Math.Pow(2, series);
            var label = series.ToString(CultureInfo.InvariantCulture);
            _recorder.Record(
                _routes[series],
                new RequestFacts
                {
                    Method = "GET",
                    StatusCode = 200 + ((int)(time % 4) * 100),
                    EndedAt = (long)(seconds * 1e6),
                    TicksPerSecond = 1_000_000,
                    ResponseSize = time % 1_000,
                });
            _jobs.With(label).Increment();
            _classic.With(label).Observe(seconds);
            _native.With(label).Observe(seconds);
            _both.With(label).Observe(seconds);
        }
    }
}
