using System.Collections.Concurrent;
using System.Threading.Channels;
using Instrumentator.Properties.Reference;

namespace Instrumentator.Properties;

/// <summary>Writes of many threads, to shared numbers or to per-thread stripes, add up to a plain sum.</summary>
/// <remarks>No other tests run at the same time, because thread slots and memory belong to the process.</remarks>
[Collection(nameof(StorageProps))]
[CollectionDefinition(nameof(StorageProps), DisableParallelization = true)]
public class StorageProps
{
    // A thread that adds Busy times in a row has a stripe; one that adds fewer than FewestOfBusy times has none.
    private const int Busy = 5_000;
    private const int FewestOfBusy = 1_000;

    private static readonly NativeBuckets _native = new();

    // For each, one addition, of a large amount if it takes an amount, and the number of threads with a stripe.
    private static readonly Dictionary<string, Func<(Action Add, Func<int> Stripes)>> _additions = new()
    {
        ["a counter, ones"] = () => Of(new CounterCell(), cell => cell.Increment()),
        ["a counter, amounts"] = () => Of(new CounterCell(), cell => cell.Increment(1e6)),
        ["a summary, sizes"] = () => Of(new SummaryCell(), cell => cell.Observe(1L << 20)),
        ["a summary, huge sizes"] = () => Of(new SummaryCell(), cell => cell.Observe(1L << 50)),
        ["a summary"] = () => Of(new SummaryCell(), cell => cell.Observe(5_000.0)),
        ["a histogram"] = () => Of(new HistogramCell(new([1])), cell => cell.Observe(5_000.0)),
        ["a native histogram"] = () => Of(new NativeHistogramCell(new([]), _native), cell => cell.Observe(5_000.0)),
    };

    public enum What { One, Amount, Up, Down, UpByAmount, Size, Summary, Histogram, Native }

    public enum Caller { Threads, Queue, Awaits }

    /// <summary>A repeated write of a thread.</summary>
    public sealed record Write(int Thread, What What, double Amount, int Times);

    public static TheoryData<string> Additions => [.. _additions.Keys];

    // Quarters add up without rounding in any order.
    private static Gen<double> Amounts => Gen.Choose(0, 12).Select(quarters => quarters * 0.25);

    private static Gen<List<Write>> Writes =>
        (from thread in Gen.Choose(0, 3)
         from what in Gen.Elements(Enum.GetValues<What>())
         from amount in Amounts
         from times in Gen.Elements(1, 2, 700, 3_000)
         select new Write(thread, what, amount, times)).ListOf();

    // Another thread may write the neighboring memory, or read it for each request.
    [Fact]
    public void A_stripe_has_a_cache_line_free_on_either_side()
    {
        const int Line = 64 / sizeof(long);
        FreeSlots();
        var counter = new CounterCell();
        for (var i = 0; i < 5_000; i++)
            counter.Increment();
        var stripe = Insides.StripeOf(counter);
        Assert.All(stripe[..Line], number => Assert.Equal(0, number));
        Assert.InRange(stripe[Line], 1, 5_000);
        Assert.All(stripe[^Line..], number => Assert.Equal(0, number));
        Assert.Equal(2 + (2 * Line), stripe.Length);
    }

    [Property(MaxTest = 100)]
    public Property Concurrent_writes_match_a_plain_sum() =>
        Prop.ForAll(Arb.From(Writes), writes =>
        {
            var cells = new Cells();
            Threads.Run(4, thread =>
            {
                foreach (var write in writes.Where(one => one.Thread == thread))
                {
                    for (var i = 0; i < write.Times; i++)
                        cells.Write(write);
                }
            });
            AssertSums(writes, cells.Registry.Scrape());
        });

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(7, true)]
    public void Threads_with_stripes_lose_nothing_and_nothing_goes_down(int threads, bool isScraped)
    {
        const int Times = 50_000;
        var cells = new Cells();
        var watch = new ScrapeWatch(cells.Registry);
        Threads.Run(
            threads,
            _ =>
            {
                for (var i = 0; i < Times; i++)
                    cells.WriteOnes();
            },
            isScraped ? Look : null);

        Look();
        var all = threads * Times;
        var snapshot = cells.Registry.Scrape();
        Assert.Equal(new SampleValue.Counter(all * 1.5), snapshot.Find("a_total"));
        Assert.Equal(new SampleValue.Gauge(all), snapshot.Find("b"));
        Assert.Equal(new SampleValue.Summary(2 * all, 2 * all), snapshot.Find("c"));
        Assert.Equal(([all, 0, 0], all), Read(snapshot.Find("d")));
        Assert.Equal(([all], all), Read(snapshot.Find("e")));
        var native = Assert.IsType<SampleValue.Histogram>(snapshot.Find("e")).Native!;
        Assert.Equal([new NativeBucket(0, all)], native.Positive);

        void Look()
        {
            watch.Look();
            AssertSumsCoverCounts(cells.Registry.Scrape());
        }
    }

    // All threads get their stripes at the same moment: one thread grows an array that another one is writing to.
    [Fact]
    public void Threads_that_get_their_stripes_at_the_same_time_lose_nothing()
    {
        const int Writers = 12;
        FreeSlots();
        var counters = Enumerable.Range(0, 200).Select(_ => new CounterCell()).ToArray();
        Threads.Run(Writers, _ =>
        {
            foreach (var counter in counters)
            {
                for (var i = 0; i < FewestOfBusy + 500; i++)
                    counter.Increment();
            }
        });
        Assert.All(counters, counter => Assert.Equal(Writers * (FewestOfBusy + 500), counter.Value));
        Assert.Contains(counters, counter => Insides.IsStriped(counter));
    }

    [Theory]
    [InlineData(Caller.Threads)]
    [InlineData(Caller.Queue)]
    [InlineData(Caller.Awaits)]
    public async Task Whichever_thread_calls_a_metric_function_each_call_counts(Caller caller)
    {
        const int Callers = 4;
        const int Times = 50_000;
        var registry = new Registry();
        var function = Metrics.Default(new() { Registry = registry });
        var info = Info.From(_facts with { Template = "/" }, Config.Default)!.Value;
        var waiting = Channel.CreateUnbounded<Info>();
        switch (caller)
        {
            case Caller.Threads:
                Threads.Run(Callers, _ =>
                {
                    for (var i = 0; i < Times; i++)
                        function(info);
                });
                break;
            case Caller.Queue:
                var drained = AllAsync(DrainAsync);
                for (var i = 0; i < Callers * Times; i++)
                    Assert.True(waiting.Writer.TryWrite(info));
                waiting.Writer.Complete();
                await drained;
                break;
            case Caller.Awaits:
                await AllAsync(CallAndAwaitAsync);
                break;
        }
        AssertRecorded(registry, Callers * Times);

        Task AllAsync(Func<Task> one) => Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(one)));

        async Task DrainAsync()
        {
            await foreach (var next in waiting.Reader.ReadAllAsync())
                function(next);
        }

        // Usually continues on another thread.
        async Task CallAndAwaitAsync()
        {
            for (var i = 0; i < Times; i++)
            {
                function(info);
                if (i % 10 == 0)
                    await Task.Yield();
            }
        }
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
                recorder.Record(route, _facts);
        });
        AssertRecorded(registry, 4 * Times);
    }

    [Fact]
    public void Large_sizes_and_wide_histograms_have_stripes_too()
    {
        var registry = new Registry();
        var summary = registry.Summary("a", "Help.");
        var wide = registry.Histogram("b", "Help.", [.. Enumerable.Range(0, 5_000).Select(bound => (double)bound)]);
        for (var i = 0; i < Busy; i++)
        {
            summary.Observe(0L);
            wide.Observe(0);
        }
        foreach (var size in new[] { long.MaxValue, long.MaxValue, long.MaxValue, 7 })
            summary.Observe(size);
        foreach (var value in new[] { 0, 2_500, 4_999, 5_001 })
            wide.Observe(value);

        Assert.Equal(new SampleValue.Summary(Busy + 4, 3.0 * long.MaxValue), registry.Scrape().Find("a"));
        var read = Assert.IsType<SampleValue.Histogram>(registry.Scrape().Find("b"));
        Assert.Equal((Busy + 4, 12_500, Busy + 1), (read.Count, read.Sum, read.Counts[0]));
        Assert.Equal([2_500, 4_999, 5_000], Enumerable.Range(0, 5_001).Where(bucket => read.Counts[bucket] == 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    public void A_scrape_includes_each_of_many_striped_series(int count)
    {
        const int Times = 1_500;
        var registry = new Registry();
        var counters = registry.Counter("a", "", "x");
        var summaries = registry.Summary("b", "", "x");
        var histograms = registry.Histogram("c", "", [20], "x");
        for (var i = 0; i < count * Times; i++)
        {
            var (number, label) = (i / Times, $"{i / Times}");
            counters.With(label).Increment(number);
            summaries.With(label).Observe(number);
            histograms.With(label).Observe(number);
        }
        var samples = registry.Scrape().Families.Select(family => family.Samples.Select(sample => sample.Value));
        var all = Enumerable.Range(0, count).ToArray();
        Assert.Equal(
            [
                all.Select(i => (SampleValue)new SampleValue.Counter(i * Times)),
                all.Select(i => new SampleValue.Summary(Times, i * Times)),
                all.Select(i => new SampleValue.Histogram(i > 20 ? [0, Times] : [Times, 0], i * Times)),
            ],
            samples);
    }

    [Fact]
    public void Ten_thousand_threads_that_come_and_go_leave_exact_sums_and_no_more_memory_than_the_bound()
    {
        const int Series = 1_000;
        const int Together = 10;
        const int Rounds = 1_000;
        FreeSlots();
        var counters = Enumerable.Range(0, Series).Select(_ => new CounterCell()).ToArray();
        var expected = new long[Series];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var round = 0; round < Rounds; round++)
        {
            Threads.Run(Together, thread =>
            {
                var number = (round * Together) + thread;
                Write(number, FewestOfBusy + 500);
                for (var other = 1; other <= 5; other++)
                    Write(number * other * 7, 3);
            });
            GC.Collect(0);
            GC.WaitForPendingFinalizers();
        }
        FreeSlots();
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;

        // A stripe of a counter is two numbers between two cache lines; the counter has one reference for each slot.
        var most = ThreadSlot.Max * BytesOfArray(2 + (2 * 8)) + BytesOfArray(ThreadSlot.Max + 1);
        Assert.Equal(expected, counters.Select(counter => (long)counter.Value));
        Assert.All(
            counters,
            counter => Assert.InRange(Insides.Stripes(ref Insides.NumbersOf(counter)), 0, ThreadSlot.Max));
        Assert.InRange(counters.Count(counter => Insides.IsStriped(counter)), Series / 2, Series);
        Assert.InRange(grown, long.MinValue, (Series * most) + (1 << 20));

        void Write(int number, int times)
        {
            var at = number % Series;
            for (var i = 0; i < times; i++)
                counters[at].Increment();
            Interlocked.Add(ref expected[at], times);
        }

        static long BytesOfArray(int length) => 24 + (8 * length);
    }

    [Property]
    public Property Fewer_than_a_thousand_additions_make_no_stripe_whatever_is_added() => Prop.ForAll(
        Arb.From(Gen.Zip(Gen.Elements<string>(_additions.Keys), Gen.Choose(1, FewestOfBusy - 1))),
        one =>
        {
            var (what, times) = one;
            var (add, stripes) = _additions[what]();
            for (var i = 0; i < times; i++)
                add();
            Assert.Equal(0, stripes());
        });

    [Theory, MemberData(nameof(Additions))]
    public void Thousands_of_additions_at_once_make_a_stripe_for_each_thread_that_makes_them(string what)
    {
        const int Count = 3;
        FreeSlots();
        var (add, stripes) = _additions[what]();
        var turn = new Lock();
        using var all = new Barrier(Count);
        Threads.Run(Count, _ =>
        {
            lock (turn)
            {
                for (var i = 0; i < Busy; i++)
                    add();
            }
            all.SignalAndWait(CancellationToken.None);
        });
        Assert.Equal(Count, stripes());
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(5, true)]
    public void Additions_make_a_stripe_only_when_a_thousand_come_within_a_second(int inTwoMilliseconds, bool isStriped)
    {
        FreeSlots();
        var counter = new CounterCell();
        for (var i = 1; i <= 100_000; i++)
        {
            counter.Increment();
            if (i % inTwoMilliseconds == 0)
                Insides.Age(ref Insides.NumbersOf(counter), milliseconds: 2);
        }
        Assert.Equal((isStriped, 100_000), (Insides.IsStriped(counter), counter.Value));
    }

    [Fact]
    public void A_series_that_becomes_busy_later_has_a_stripe_from_then_on()
    {
        FreeSlots();
        var counter = new CounterCell();
        for (var i = 0; i < FewestOfBusy - 1; i++)
            counter.Increment();
        Insides.Age(ref Insides.NumbersOf(counter), milliseconds: 1_000);
        for (var i = 0; i < 10; i++)
            counter.Increment();
        Assert.False(Insides.IsStriped(counter));
        for (var i = 0; i < Busy; i++)
            counter.Increment();
        Assert.True(Insides.IsStriped(counter));
    }

    [Fact]
    public void A_thread_that_adds_now_and_then_takes_no_slot() => Threads.Run(1, _ =>
    {
        var counters = Enumerable.Range(0, Busy).Select(_ => new CounterCell()).ToArray();
        for (var i = 0; i < 10; i++)
            counters[0].Increment();
        Assert.Equal(0, ThreadSlot.Current);

        // Nor does a thread that is busy overall, but not with any single series.
        foreach (var counter in counters)
        {
            for (var i = 0; i < 10; i++)
                counter.Increment();
        }
        Assert.Equal(0, ThreadSlot.Current);
    });

    [Fact]
    public void Busy_threads_that_live_at_once_have_different_slots()
    {
        // Threads of the pool that were busy in an earlier test keep their slots until they have been idle for a while.
        var slots = SlotsOfThreads(8);
        for (var tries = 0; slots.Contains(0) && tries < 100; tries++)
        {
            Thread.Sleep(300);
            slots = SlotsOfThreads(8);
        }
        Assert.All(slots, slot => Assert.InRange(slot, 1, ThreadSlot.Max));
        Assert.Equal(8, slots.Distinct().Count());
    }

    private static int[] SlotsOfThreads(int count)
    {
        FreeSlots();
        var slots = new int[count];
        using var all = new Barrier(count);
        Threads.Run(count, thread =>
        {
            slots[thread] = BusySlot();
            all.SignalAndWait(CancellationToken.None);
        });
        return slots;
    }

    [Fact]
    public void A_thread_goes_on_with_the_slot_of_one_that_ended()
    {
        for (var i = 0; i < 3 * ThreadSlot.Max; i++)
        {
            var slot = 0;
            FreeSlots();
            Threads.Run(1, _ => slot = BusySlot());
            Assert.InRange(slot, 1, ThreadSlot.Max);
        }
    }

    [Fact]
    public void Threads_beyond_the_most_that_have_slots_lose_nothing()
    {
        var count = ThreadSlot.Max + 8;
        var (cells, slots) = (new Cells(), new ConcurrentBag<int>());
        using var all = new Barrier(count);
        FreeSlots();
        Threads.Run(count, _ =>
        {
            for (var turn = 0; turn < 2; turn++)
            {
                for (var i = 0; i < Busy; i++)
                    cells.WriteOnes();
                all.SignalAndWait(CancellationToken.None);
            }
            slots.Add(ThreadSlot.Current);
        });
        var taken = slots.Where(slot => slot != 0).ToArray();
        Assert.InRange(taken.Length, 1, ThreadSlot.Max);
        Assert.Equal(taken.Length, taken.Distinct().Count());
        var snapshot = cells.Registry.Scrape();
        var times = 2 * count * Busy;
        Assert.Equal(new SampleValue.Counter(times * 1.5), snapshot.Find("a_total"));
        Assert.Equal(new SampleValue.Gauge(times), snapshot.Find("b"));
        Assert.Equal(new SampleValue.Summary(2 * times, 2 * times), snapshot.Find("c"));
        Assert.Equal(([times, 0, 0], times), Read(snapshot.Find("d")));
        Assert.Equal(([times], times), Read(snapshot.Find("e")));
    }

    // Each takes half a second, which adds up without rounding.
    private static readonly RequestFacts _facts = new()
    {
        Method = "GET",
        StatusCode = 200,
        StartedAt = 1_000_000,
        EndedAt = 1_500_000,
        TicksPerSecond = 1_000_000,
        RequestSize = 7,
        ResponseSize = 3,
    };

    private static (Action Add, Func<int> Stripes) Of<TCell>(TCell cell, Action<TCell> add)
        where TCell : Cell => (() => add(cell), () => Insides.Stripes(ref Insides.NumbersOf(cell)));

    private static int BusySlot()
    {
        var counter = new CounterCell();
        for (var i = 0; i < Busy; i++)
            counter.Increment();
        return ThreadSlot.Current;
    }

    // Frees the slots of threads that have ended.
    private static void FreeSlots()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private static void AssertSums(List<Write> writes, Snapshot snapshot)
    {
        var counter = Sum(What.One, _ => 1) + Sum(What.Amount, AmountOf);
        Assert.Equal(new SampleValue.Counter(counter), snapshot.Find("a_total"));
        var gauge = Sum(What.Up, _ => 1) - Sum(What.Down, _ => 1) + Sum(What.UpByAmount, AmountOf);
        Assert.Equal(new SampleValue.Gauge(gauge), snapshot.Find("b"));
        var count = Sum(What.Size, _ => 1) + Sum(What.Summary, _ => 1);
        var sum = Sum(What.Size, SizeOf) + Sum(What.Summary, AmountOf);
        Assert.Equal(new SampleValue.Summary((long)count, sum), snapshot.Find("c"));
        Assert.Equal((Buckets(What.Histogram, 1, 2, 1e9), Sum(What.Histogram, AmountOf)), Read(snapshot.Find("d")));
        Assert.Equal((Buckets(What.Native, 1e9), Sum(What.Native, AmountOf)), Read(snapshot.Find("e")));

        var native = Assert.IsType<SampleValue.Histogram>(snapshot.Find("e")).Native!;
        var buckets = writes.Where(one => one.What == What.Native && one.Amount > 0)
            .GroupBy(one => NaiveNative.IndexOf(one.Amount, _native.Schema))
            .OrderBy(bucket => bucket.Key)
            .Select(bucket => new NativeBucket(bucket.Key, bucket.Sum(one => (long)one.Times)));
        Assert.Equal(buckets, native.Positive);
        var zeros = writes.Where(one => one is { What: What.Native, Amount: 0 });
        Assert.Equal(zeros.Sum(one => one.Times), native.ZeroCount);

        double Sum(What what, Func<Write, double> valueOf) =>
            writes.Where(one => one.What == what).Sum(one => valueOf(one) * one.Times);

        ValueList<long> Buckets(What what, params double[] ends) =>
        [
            .. from end in ends.Index()
               let start = end.Index == 0 ? double.NegativeInfinity : ends[end.Index - 1]
               let inside = writes.Where(one => one.What == what && one.Amount > start && one.Amount <= end.Item)
               select inside.Sum(one => (long)one.Times),
        ];
    }

    private static double AmountOf(Write write) => write.Amount;

    private static double SizeOf(Write write) => (long)(write.Amount * 4);

    // All observed values are 1.
    private static void AssertSumsCoverCounts(Snapshot snapshot)
    {
        var summary = Assert.IsType<SampleValue.Summary>(snapshot.Find("c"));
        Assert.True(summary.Sum >= summary.Count);
        Assert.All(new[] { "d", "e" }, name =>
        {
            var histogram = Assert.IsType<SampleValue.Histogram>(snapshot.Find(name));
            Assert.True(histogram.Sum >= histogram.Count);
        });
    }

    private static void AssertRecorded(Registry registry, int times)
    {
        var snapshot = registry.Scrape();
        Assert.Equal(new SampleValue.Counter(times), snapshot.Find("http_requests_total", "/", "GET", "2xx"));
        Assert.Equal(new SampleValue.Summary(times, times * 7.0), snapshot.Find("http_request_size_bytes", "/"));
        Assert.Equal(new SampleValue.Summary(times, times * 3.0), snapshot.Find("http_response_size_bytes", "/"));
        var read = Assert.IsType<SampleValue.Histogram>(snapshot.Find("http_request_duration_seconds", "/", "GET"));
        Assert.Equal((times, times, times * 0.5), (read.Counts[1], read.Count, read.Sum));
    }

    private static (ValueList<long> Counts, double Sum) Read(SampleValue? value)
    {
        var histogram = Assert.IsType<SampleValue.Histogram>(value);
        return (histogram.Counts, histogram.Sum);
    }

    /// <summary>A cell of each kind.</summary>
    private sealed class Cells
    {
        private readonly Counter _counter;
        private readonly Gauge _gauge;
        private readonly Summary _summary;
        private readonly Histogram _histogram;
        private readonly Histogram _withNative;

        public Cells()
        {
            _counter = Registry.Counter("a", "Help.");
            _gauge = Registry.Gauge("b", "Help.");
            _summary = Registry.Summary("c", "Help.");
            _histogram = Registry.Histogram("d", "Help.", [1, 2]);
            _withNative = Registry.Histogram("e", "Help.", new HistogramOptions { Native = _native, Buckets = [] });
        }

        public Registry Registry { get; } = new();

        public void Write(Write write)
        {
            switch (write.What)
            {
                case What.One:
                    _counter.Increment();
                    break;
                case What.Amount:
                    _counter.Increment(write.Amount);
                    break;
                case What.Up:
                    _gauge.Increment();
                    break;
                case What.Down:
                    _gauge.Decrement();
                    break;
                case What.UpByAmount:
                    _gauge.Add(write.Amount);
                    break;
                case What.Size:
                    _summary.Observe((long)SizeOf(write));
                    break;
                case What.Summary:
                    _summary.Observe(write.Amount);
                    break;
                case What.Histogram:
                    _histogram.Observe(write.Amount);
                    break;
                case What.Native:
                    _withNative.Observe(write.Amount);
                    break;
            }
        }

        /// <summary>Writes to each kind of number; observed values are 1.</summary>
        public void WriteOnes()
        {
            _counter.Increment();
            _counter.Increment(0.5);
            _gauge.Increment();
            _summary.Observe(1L);
            _summary.Observe(1.0);
            _histogram.Observe(1.0);
            _withNative.Observe(1.0);
        }
    }
}
