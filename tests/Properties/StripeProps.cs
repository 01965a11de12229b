namespace Instrumentator.Properties;

/// <summary>Single threads write to stripes of their own; together they are the cell, to the last unit.</summary>
public class StripeProps
{
    [Fact]
    public void What_goes_to_stripes_and_what_goes_to_the_cell_is_one_series() => Check.Holds(
        from values in Gen.Choose(-3, 9).Select(value => value * 0.25).ListOf()
        from striped in Gen.Elements(true, false).ListOf()
        select (values, striped),
        one =>
        {
            var (values, striped) = one;
            var (alone, together) = (new Cells(), new Cells());
            var stripes = together.Striped();
            foreach (var (value, i) in values.Select((value, i) => (value, i)))
            {
                alone.Write(value);
                (i < striped.Count && striped[i] ? stripes : together).Write(value);
            }
            Assert.Equal(alone.Registry.Scrape(), together.Registry.Scrape());
            Assert.Equal(together.Read(), stripes.Read());
        });

    [Fact]
    public void Sizes_of_any_length_and_histograms_of_any_width_have_stripes_too()
    {
        var registry = new Registry();
        var summary = (Summary)registry.Summary("a", "Help.").StripeOf(Writer.Number);
        foreach (var size in new[] { long.MaxValue, long.MaxValue, long.MaxValue, 7 })
            summary.Observe(size);
        Assert.Equal(new SampleValue.Summary(4, 3.0 * long.MaxValue), registry.Scrape().Find("a"));

        var cell = registry.Histogram("b", "Help.", [.. Enumerable.Range(0, 5_000).Select(bound => (double)bound)]);
        var (wide, next) = ((Histogram)cell.StripeOf(Writer.Number), (Counter)registry.Counter("c", "Help.").StripeOf(Writer.Number));
        foreach (var value in new[] { 0, 2_500, 4_999, 5_001 })
            wide.Observe(value);
        next.Increment();
        var read = Assert.IsType<SampleValue.Histogram>(registry.Scrape().Find("b"));
        Assert.Equal((4, 12_500, 1), (read.Count, read.Sum, next.Value));
        Assert.Equal([0, 2_500, 4_999, 5_000], Enumerable.Range(0, 5_001).Where(bucket => read.Counts[bucket] == 1));
    }

    [Fact]
    public void Threads_with_stripes_lose_nothing_and_nothing_goes_down()
    {
        const int Times = 20_000;
        var cells = new Cells();
        var last = cells.Read();
        Threads.Run(
            4,
            _ =>
            {
                var mine = cells.Striped();
                for (var i = 0; i < Times; i++)
                    mine.Write(0.5);
            },
            meanwhile: () =>
            {
                var next = cells.Read();
                Assert.All(last.Zip(next), pair => Assert.True(pair.First <= pair.Second));
                last = next;
            });
        Assert.Equal([4 * Times * 1.5, 4 * Times, 4 * Times * 0.5, 8 * Times, (4 * Times * 0.5) + (4 * Times * 3)], cells.Read());
    }

    // All want room at the same moment: what one of them makes larger, another one is just writing to.
    [Fact]
    public void Threads_that_come_first_at_the_same_time_lose_nothing()
    {
        const int Writers = 12;
        const int Cells = 5_000;
        var counters = Enumerable.Range(0, Cells).Select(_ => new CounterCell()).ToArray();
        Threads.Run(Writers, _ =>
        {
            foreach (var counter in counters)
            {
                var mine = Assert.IsType<CounterStripe>(counter.StripeOf(Writer.Number));
                mine.Increment();
                Assert.Equal(mine.Address, Assert.IsType<CounterStripe>(counter.StripeOf(Writer.Number)).Address);
                counter.Increment();
            }
        });
        Assert.All(counters, counter => Assert.Equal(2 * Writers, counter.Value));
    }

    [Fact]
    public void Room_that_a_thread_makes_is_seen_by_others_with_its_stripe_in_it()
    {
        var place = new Place();
        var other = new Thread(() => place.Take(40, () => { }));
        place.Take(9, () =>
        {
            // It may have to wait for what goes on here, and then goes on itself.
            other.Start();
            other.Join(TimeSpan.FromMilliseconds(200));
        });
        other.Join();
        Assert.Equal(("9", "40"), (place.Stripes![9], place.Stripes[40]));
    }

    // They are brought from memory before their turn, and all of them have one.
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    public void Each_of_many_series_with_stripes_is_told(int count)
    {
        var registry = new Registry();
        var (counters, summaries, histograms) = (registry.Counter("a", "", "x"), registry.Summary("b", "", "x"), registry.Histogram("c", "", [20], "x"));
        for (var i = 0; i < count; i++)
        {
            ((Counter)counters.With($"{i}").StripeOf(Writer.Number)).Increment(i);
            ((Summary)summaries.With($"{i}").StripeOf(Writer.Number)).Observe(i);
            ((Histogram)histograms.With($"{i}").StripeOf(Writer.Number)).Observe(i);
        }
        var samples = registry.Scrape().Families.Select(family => family.Samples.Select(sample => sample.Value));
        Assert.Equal(
            [
                Enumerable.Range(0, count).Select(i => (SampleValue)new SampleValue.Counter(i)),
                Enumerable.Range(0, count).Select(i => new SampleValue.Summary(1, i)),
                Enumerable.Range(0, count).Select(i => new SampleValue.Histogram(i > 20 ? [0, 1] : [1, 0], i)),
            ],
            samples);
    }

    [Fact]
    public void A_thread_goes_on_with_the_number_of_one_that_ended()
    {
        var numbers = new HashSet<int>();
        for (var i = 0; i < 200; i++)
        {
            Threads.Run(2, _ =>
            {
                lock (numbers)
                    numbers.Add(Writer.Number);
            });
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.InRange(numbers.Count, 2, 100);
    }

    [Fact]
    public void Threads_that_live_at_once_have_different_numbers()
    {
        var numbers = new List<int>();
        using var all = new Barrier(8);
        Threads.Run(8, _ =>
        {
            lock (numbers)
                numbers.Add(Writer.Number);
            all.SignalAndWait();
            Assert.Contains(Writer.Number, numbers);
        });
        Assert.Equal(8, numbers.Distinct().Count());
    }

    [Fact]
    public void A_gauge_that_is_set_is_that_value_whatever_its_stripes_hold()
    {
        var gauge = new GaugeCell();
        Threads.Run(4, thread =>
        {
            for (var i = 0; i < 100_000; i++)
                gauge.Add(thread % 2 == 0 ? 1 : -1);
        });
        Assert.Equal(0, gauge.Value);
        gauge.Set(0.1);
        Assert.Equal(0.1, gauge.Value);
        gauge.Increment();
        Assert.Equal(1.1, gauge.Value);
    }

    [Theory]
    [InlineData(1_000, 0.001, true)]
    [InlineData(1_000, 0.1, false)]
    [InlineData(100, 0.001, true)]
    [InlineData(99, 0.001, false)]
    public void Only_labels_that_are_used_often_have_stripes(int requests, double secondsBetween, bool striped)
    {
        var recorder = new Recorder(Instrumentation.Default.WithRegistry(new()), (_, _) => { });
        var route = recorder.Templated("/");
        for (var i = 0; i < requests; i++)
            recorder.Record(route, At(i, secondsBetween));
        Assert.Equal(striped, route.LabelsOf(At(requests, secondsBetween)).Thread > 0);
    }

    [Fact]
    public void Labels_that_become_busy_later_have_stripes_from_then_on()
    {
        var recorder = new Recorder(Instrumentation.Default.WithRegistry(new()), (_, _) => { });
        var route = recorder.Templated("/");
        for (var i = 0; i < 150; i++)
            recorder.Record(route, At(i, 10));
        for (var i = 0; i < 200; i++)
            recorder.Record(route, At(1_500_000 + i, 0.001));
        Assert.True(route.LabelsOf(At(1_500_200, 0.001)).Thread > 0);
    }

    [Fact]
    public void The_labels_that_were_busy_first_are_the_usual_ones()
    {
        var recorder = new Recorder(Instrumentation.Default.WithRegistry(new()), (_, _) => { });
        var route = recorder.Templated("/");
        recorder.Record(route, At(0, 0) with { StatusCode = 500 });
        Assert.Null(route.Expected);
        foreach (var status in new[] { 200, 404 })
        {
            for (var i = 0; i < 200; i++)
                recorder.Record(route, At(i, 0.001) with { StatusCode = status });
        }
        Assert.Same(route.LabelsOf(At(0, 0)), route.Expected);
        var usual = route.Expected!;
        Assert.Equal((true, true), (usual.Are("GET", 200), usual.Are("GET", 299)));
        Assert.Equal((false, false, false), (usual.Are("GET", 404), usual.Are("GET", 199), usual.Are("PUT", 200)));
    }

    [Fact]
    public void Busy_threads_record_as_one_thread_would()
    {
        const int Times = 5_000;
        var registry = new Registry();
        var recorder = new Recorder(Instrumentation.Default.WithRegistry(registry), (_, _) => { });
        var route = recorder.Templated("/");
        Threads.Run(4, _ =>
        {
            for (var i = 0; i < Times; i++)
                recorder.Record(route, At(i, 0.001));
        });
        var snapshot = registry.Scrape();
        Assert.Equal(new SampleValue.Counter(4 * Times), snapshot.Find("http_requests_total", "/", "GET", "2xx"));
        Assert.Equal(new SampleValue.Summary(4 * Times, 4 * Times * 7.0), snapshot.Find("http_request_size_bytes", "/"));
        Assert.Equal(4 * Times, Assert.IsType<SampleValue.Histogram>(snapshot.Find("http_request_duration_seconds", "/", "GET")).Counts[1]);
    }

    // Half a second each, which no rounding can touch.
    private static RequestFacts At(int number, double secondsBetween) => new()
    {
        Method = "GET",
        StatusCode = 200,
        StartedAt = (long)(number * secondsBetween * 1_000_000),
        EndedAt = (long)(number * secondsBetween * 1_000_000) + 500_000,
        TicksPerSecond = 1_000_000,
        RequestSize = 7,
    };

    /// <summary>A cell of each kind that has stripes.</summary>
    private sealed record Cells(Registry Registry, Counter Counter, Histogram Histogram, Summary Summary)
    {
        public Cells() : this(new Registry())
        {
        }

        private Cells(Registry registry)
            : this(registry, registry.Counter("a", "Help."), registry.Histogram("b", "Help.", [0, 1]), registry.Summary("c", "Help."))
        {
        }

        /// <summary>The same for this thread alone.</summary>
        public Cells Striped() => this with
        {
            Counter = (Counter)Counter.StripeOf(Writer.Number),
            Histogram = (Histogram)Histogram.StripeOf(Writer.Number),
            Summary = (Summary)Summary.StripeOf(Writer.Number),
        };

        public void Write(double value)
        {
            Counter.Increment();
            Counter.Increment(Math.Abs(value));
            Histogram.Observe(value);
            Summary.Observe(value);
            Summary.Observe(3L);
        }

        public double[] Read() => [Counter.Value, Histogram.Count, Histogram.Sum, Summary.Count, Summary.Sum];
    }

    private sealed class Place
    {
        private string?[]? _stripes;

        public string?[]? Stripes => _stripes;

        public void Take(int writer, Action meanwhile) => Instrumentator.Stripes.Take(ref _stripes, writer, meanwhile, static (meanwhile, writer) =>
        {
            meanwhile();
            return $"{writer}";
        });
    }
}
