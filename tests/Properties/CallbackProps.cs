using System.Runtime.CompilerServices;
using System.Text;

namespace Instrumentator.Properties;

/// <summary>Gauges and counters whose values callbacks return, and hooks before a scrape.</summary>
public class CallbackProps
{
    /// <summary>A registration of a series, or the end of an earlier one.</summary>
    public readonly record struct Step(bool Ends, int Index, string Name, string Value);

    private static Gen<Step> OneStep =>
        from ends in Gen.Frequency((2, Gen.Constant(false)), (1, Gen.Constant(true)))
        from index in Gen.Choose(0, 20)
        from name in Gen.Elements("a", "b")
        from value in Gen.Elements("1", "2", "3")
        select new Step(ends, index, name, value);

    [Property(MaxTest = 50)]
    public Property A_scrape_has_the_last_callback_of_each_series_unless_it_was_disposed() =>
        Prop.ForAll(Arb.From(OneStep.ListOf()), steps =>
        {
            var registry = new Registry();
            var registrations = new List<(IDisposable Registration, (string, string) Key, int Number)>();
            var expected = new Dictionary<(string, string), double>();
            foreach (var (ends, index, name, value) in steps)
            {
                if (!ends)
                {
                    var number = registrations.Count;
                    expected[(name, value)] = number;
                    registrations.Add(
                        (registry.Gauge(name, "Help.", () => number, ("x", value)), (name, value), number));
                }
                else if (index < registrations.Count)
                {
                    var (registration, key, number) = registrations[index];
                    registration.Dispose();
                    if (expected.TryGetValue(key, out var current) && current == number)
                        expected.Remove(key);
                }
            }
            Assert.Equal(expected, Gauges(registry));
            Assert.Equal(expected.Keys.Select(key => key.Item1).Distinct().Count(), registry.Scrape().Families.Count);
        });

    [Fact]
    public async Task Callbacks_run_at_each_scrape_in_every_way_to_scrape()
    {
        var registry = new Registry { Namespace = "shop", StaticLabels = [("service", "orders")] };
        var calls = 0;
        registry.Gauge("queue_length", "Jobs that wait.", () => ++calls, ("queue", "emails"));
        registry.Gauge("queue_length", "Jobs that wait.", () => double.NaN, ("queue", "a\"b"));
        registry.Counter("hits", "Hits.", () => 2.5);
        registry.Counter("own", "Own.").Increment();
        string Expected(int call) => $$"""
            # HELP shop_own_total Own.
            # TYPE shop_own_total counter
            shop_own_total{service="orders"} 1
            # HELP shop_queue_length Jobs that wait.
            # TYPE shop_queue_length gauge
            shop_queue_length{queue="emails",service="orders"} {{call}}
            shop_queue_length{queue="a\"b",service="orders"} NaN
            # HELP shop_hits_total Hits.
            # TYPE shop_hits_total counter
            shop_hits_total{service="orders"} 2.5

            """;

        Assert.Equal(0, calls);
        Assert.Equal(Expected(1), registry.ToText());
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        await ExpositionFormat.Prometheus.WriteAsync(registry, output, TestContext.Current.CancellationToken);
        Assert.Equal(Expected(2), Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_callback_that_throws_or_returns_no_total_is_left_out_and_counted(bool throws)
    {
        var registry = new Registry();
        registry.Counter(
            "bad", "Help.", () => throws ? throw new InvalidOperationException("Broken.") : -1, ("x", "1"));
        registry.Counter("bad", "Help.", () => 7, ("x", "2"));
        registry.Gauge("good", "Help.", () => 1);
        var watcher = new Watcher();
        registry.Watch(watcher);

        registry.Scrape();
        registry.Scrape();
        var scrape = registry.Scrape();

        Assert.Null(scrape.Find("bad_total", "1"));
        Assert.Equal(new SampleValue.Counter(7), scrape.Find("bad_total", "2"));
        Assert.Equal(new SampleValue.Gauge(1), scrape.Find("good"));
        Assert.Equal(
            new SampleValue.Counter(3), scrape.Find("instrumentator_callback_errors_total", "bad_total"));
        var error = Assert.Single(watcher.Errors);
        Assert.Equal(("bad_total", "threw an exception."), (error.Callback, error.What));
        Assert.Equal(
            throws
                ? "Broken."
                : "The callback of bad_total returned -1, but the total of a counter is finite and 0 or more. "
                    + "Return a total, or use a gauge.",
            error.Exception!.Message);
    }

    [Fact]
    public async Task Callbacks_that_hang_are_given_up_and_left_out_until_they_end()
    {
        var registry = new Registry();
        using var gate = new ManualResetEventSlim();
        var calls = 0;
        for (var i = 0; i < 5; i++)
        {
            registry.Gauge("hanging", "Help.", () =>
            {
                Interlocked.Increment(ref calls);
                gate.Wait();
                return 5;
            }, ("x", $"{i}"));
            registry.Gauge("good", "Help.", () => 1, ("x", $"{i}"));
        }
        for (var scrape = 1; scrape <= 2; scrape++)
        {
            var read = await ScrapeAsync(registry);
            Assert.All(Enumerable.Range(0, 5), i =>
            {
                Assert.Null(read.Find("hanging", $"{i}"));
                Assert.Equal(new SampleValue.Gauge(1), read.Find("good", $"{i}"));
            });
            Assert.Equal(5, calls);
        }
        Assert.Equal(
            new SampleValue.Counter(15),
            (await ScrapeAsync(registry)).Find("instrumentator_callback_errors_total", "hanging"));

        gate.Set();
        for (var i = 0; i < 100 && (await ScrapeAsync(registry)).Find("hanging", "4") is null; i++)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        var last = await ScrapeAsync(registry);
        Assert.All(Enumerable.Range(0, 5), i => Assert.Equal(
            new SampleValue.Gauge(5), last.Find("hanging", $"{i}")));
    }

    [Fact]
    public void A_callback_never_runs_twice_at_once()
    {
        var registry = new Registry();
        var (running, most) = (0, 0);
        registry.Gauge("a", "Help.", () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            Thread.Yield();
            return Interlocked.Decrement(ref running);
        });
        Threads.Run(4, _ =>
        {
            for (var i = 0; i < 50; i++)
                Assert.Equal(new SampleValue.Gauge(0), registry.Scrape().Find("a"));
        });
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_disposed_registration_keeps_nothing_alive_and_gives_the_name_back()
    {
        var registry = new Registry();
        var (owner, registration) = Registered(registry);
        Assert.Equal(new SampleValue.Gauge(3), (await ScrapeAsync(registry)).Find("a"));

        registration.Dispose();
        registration.Dispose();

        // The thread of the scrape may not have ended yet.
        for (var i = 0; i < 100 && owner.TryGetTarget(out _); i++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            GC.Collect();
        }
        Assert.False(owner.TryGetTarget(out _));
        Assert.Empty((await ScrapeAsync(registry)).Families);
        registry.Counter("a", "Another help.", "x").With("1").Increment();
        Assert.NotNull((await ScrapeAsync(registry)).Find("a_total", "1"));
        GC.KeepAlive(registration);
    }

    [Fact]
    public async Task Hooks_run_before_everything_is_read_in_order_and_replace_each_other_by_name()
    {
        var registry = new Registry();
        var gauge = registry.Gauge("a", "Help.");
        var order = new List<string>();
        registry.BeforeScrape("first", () => order.Add("replaced"));
        registry.BeforeScrape("second", async () =>
        {
            await Task.Yield();
            order.Add("second");
            gauge.Set(order.Count);
        });
        registry.BeforeScrape("first", () => order.Add("first"));
        var third = registry.BeforeScrape("third", async token =>
        {
            await Task.Delay(1, token);
            order.Add("third");
        });
        registry.Gauge("b", "Help.", () => order.Count);

        var scrape = await ScrapeAsync(registry);
        Assert.Equal(["first", "second", "third"], order);
        Assert.Equal(new SampleValue.Gauge(2), scrape.Find("a"));
        Assert.Equal(new SampleValue.Gauge(3), scrape.Find("b"));

        third.Dispose();
        await ScrapeAsync(registry);
        Assert.Equal(["first", "second", "third", "first", "second"], order);
    }

    [Fact]
    public async Task Hooks_that_throw_or_hang_are_counted_and_their_token_is_canceled()
    {
        var registry = new Registry();
        var canceled = new TaskCompletionSource();
        registry.BeforeScrape("throws", () => throw new InvalidOperationException());
        registry.BeforeScrape("throws later", async () =>
        {
            await Task.Yield();
            throw new InvalidOperationException();
        });
        registry.BeforeScrape("hangs", token =>
        {
            token.Register(canceled.SetResult);
            return Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
        });
        registry.Gauge("good", "Help.", () => 1);

        Assert.Equal(new SampleValue.Gauge(1), (await ScrapeAsync(registry)).Find("good"));

        await canceled.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var scrape = await ScrapeAsync(registry);
        Assert.All(["throws", "throws later", "hangs"], name => Assert.Equal(
            new SampleValue.Counter(2), scrape.Find("instrumentator_callback_errors_total", name)));
    }

    [Fact]
    public void Over_the_limit_callbacks_never_run_and_are_counted()
    {
        var registry = new Registry(seriesLimit: 2).LimitSeries("b", 1);
        var watcher = new Watcher();
        registry.Watch(watcher);
        var first = registry.Gauge("a", "Help.", () => 1, ("x", "1"));
        registry.Gauge("a", "Help.", () => 2, ("x", "2"));
        registry.Gauge("a", "Help.", () => throw new InvalidOperationException(), ("x", "3")).Dispose();
        registry.Gauge("b", "Help.", () => 1, ("x", "1"));
        registry.Gauge("b", "Help.", () => 2, ("x", "2"));
        registry.Gauge("b", "Help.", () => 3, ("x", "1"));

        Assert.Equal(new() { [("a", "1")] = 1, [("a", "2")] = 2, [("b", "1")] = 3 }, Gauges(registry));
        Assert.Equal(
            new SampleValue.Counter(1), registry.Scrape().Find("instrumentator_callback_errors_total", "a"));
        Assert.Equal(
            "was not added for {x=\"3\"}: the metric has reached its limit of 2 series. "
            + "Dispose of registrations that are no longer needed, or raise the limit with Registry.LimitSeries.",
            watcher.Errors[0].What);
        first.Dispose();
        registry.Gauge("a", "Help.", () => 4, ("x", "4"));
        Assert.Equal(new() { [("a", "2")] = 2, [("a", "4")] = 4, [("b", "1")] = 3 }, Gauges(registry));
    }

    [Fact]
    public void Names_clash_with_those_of_other_families_and_other_callbacks()
    {
        var registry = new Registry();
        registry.Gauge("stored", "Help.");
        registry.Gauge("called", "Help.", () => 1, ("x", "1"));
        Action[] clashes =
        [
            () => registry.Gauge("stored", "Help.", () => 1),
            () => registry.Gauge("called", "Help."),
            () => registry.Gauge("called", "Help.", "x"),
            () => registry.Gauge("called", "Other help.", () => 1, ("x", "1")),
            () => registry.Gauge("called", "Help.", () => 1, ("y", "1")),
            () => registry.Gauge("called", "Help.", () => 1),
            () => registry.Counter("called", "Help.", () => 1, ("x", "1")),
        ];
        Assert.All(clashes, clash => Assert.Throws<InvalidOperationException>(clash));
        Assert.Throws<InvalidConfigException>(() => registry.Gauge("a b", "Help.", () => 1));
        Assert.Throws<InvalidConfigException>(() => registry.Gauge("a", "Help.", () => 1, ("a b", "1")));
        Assert.Throws<ArgumentException>(() => registry.BeforeScrape(" ", () => { }));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference<object> Owner, IDisposable Registration) Registered(Registry registry)
    {
        var owner = new List<int> { 1, 2, 3 };
        return (new(owner), registry.Gauge("a", "Help.", () => owner.Count));
    }

    private static ValueTask<Snapshot> ScrapeAsync(Registry registry) =>
        registry.ScrapeAsync(TestContext.Current.CancellationToken);

    private static Dictionary<(string, string), double> Gauges(Registry registry) => registry.Scrape().Families
        .Where(family => family.Definition.Kind == MetricKind.Gauge)
        .SelectMany(family => family.Samples, (family, sample) => (family.Definition.Name, sample))
        .ToDictionary(
            one => (one.Name, one.sample.Labels.Values[0]), one => ((SampleValue.Gauge)one.sample.Value).Value);

    private sealed class Watcher : IRegistryWatcher
    {
        public List<CallbackError> Errors { get; } = [];

        public void OnOverflow(string metric, int limit) { }

        public void OnCallbackError(CallbackError error) => Errors.Add(error);
    }
}
