using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace Instrumentator.Properties;

/// <summary>Exemplars: which requests leave one, in which series, and how often.</summary>
public class ExemplarProps
{
    private static readonly RequestFacts _facts = new()
    {
        Method = "GET",
        StatusCode = 200,
        EndedAt = 300,
        TicksPerSecond = 1_000,
    };

    [Theory]
    [InlineData(ActivityTraceFlags.Recorded, true)]
    [InlineData(ActivityTraceFlags.None, false)]
    public void A_request_with_a_sampled_trace_is_the_exemplar_of_counters_and_of_its_bucket(
        ActivityTraceFlags flags, bool isKept)
    {
        var app = new App(new());
        using var activity = Started(flags);
        app.Record();

        Label[] trace = [("trace_id", activity.TraceId.ToHexString()), ("span_id", activity.SpanId.ToHexString())];
        Assert.Equal(isKept ? new Exemplar([.. trace], 1, 100) : null, app.Count);
        Assert.Equal(isKept ? [null, new Exemplar([.. trace], 0.3, 100), null, null] : [], app.Durations);
    }

    [Fact]
    public void No_exemplars_are_kept_without_a_trace_or_when_turned_off()
    {
        var (on, off) = (new App(new()), new App(null));
        on.Record();
        using (Started(ActivityTraceFlags.Recorded))
            off.Record();
        Assert.Equal((null, null), (on.Count, off.Count));
    }

    [Property]
    public Property A_slot_keeps_its_exemplar_for_the_interval_and_then_takes_the_next() =>
        Prop.ForAll(
            Arb.From(
                from interval in Gen.Choose(0, 3)
                from seconds in Gen.Choose(0, 2).ListOf(12)
                select (interval, seconds)),
            one =>
            {
                var number = 0;
                var app = new App(new()
                {
                    Interval = TimeSpan.FromSeconds(one.interval),
                    Labels = _ => [("number", $"{number}")],
                });
                double kept = -1;
                foreach (var seconds in one.seconds)
                {
                    number++;
                    app.Clock.Advance(TimeSpan.FromSeconds(seconds));
                    app.Record();
                    kept = kept < 0 || kept < app.Now - one.interval ? app.Now : kept;
                    Assert.Equal(kept, app.Count?.Timestamp);
                    Assert.Equal(kept, app.Durations[1]?.Timestamp);
                }
            });

    [Fact]
    public void Exemplar_labels_can_be_custom_and_without_labels_there_is_no_exemplar()
    {
        var app = new App(new() { Labels = info => [("handler", info.Handler)] });
        app.Record();
        Assert.Equal([("handler", "/items/{id}")], app.Count?.Labels);

        Assert.All(new ValueList<Label>?[] { [], null }, none =>
        {
            app = new App(new() { Labels = _ => none! });
            app.Record();
            Assert.Null(app.Count);
            Assert.Empty(app.Reports);
        });
    }

    [Fact]
    public void Labels_that_no_reader_may_take_are_not_kept() => Assert.All(
        new ValueList<Label>[]
        {
            [("a", new string('x', 128))],
            [("a", "1"), ("a", "2")],
            [("no name", "1")],
            [("__a", "1")],
        },
        labels =>
        {
            var app = new App(new()
            {
                Labels = info => info.Duration > 0.5 ? labels : [("good", "1")],
                Interval = TimeSpan.Zero,
            });
            app.Record();
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            app.Record(_facts with { EndedAt = 700 });
            Assert.Equal([("good", "1")], app.Count?.Labels);
        });

    [Fact]
    public void A_label_function_that_throws_is_reported_and_counted()
    {
        var app = new App(new() { Labels = _ => throw new InvalidOperationException("No labels today.") });
        app.Record();
        Assert.Equal(["Exemplars: No labels today."], app.Reports);
        Assert.Equal(
            new SampleValue.Counter(1),
            app.Registry.Scrape().Find("http_requests_total", "/items/{id}", "GET", "2xx"));
        Assert.Equal(new SampleValue.Counter(1), app.Registry.Scrape().Find(FunctionFailures.CounterName, "Exemplars"));
    }

    [Fact]
    public void Busy_threads_keep_exemplars_too()
    {
        var app = new App(new() { Labels = _ => [("a", "1")], Interval = TimeSpan.Zero });
        for (var i = 0; i < 5_000; i++)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            app.Record();
        }
        Assert.Equal(app.Now, app.Count?.Timestamp);
        Assert.Equal(app.Now, app.Durations[1]?.Timestamp);
    }

    [Fact]
    public void A_request_that_leaves_no_exemplar_allocates_nothing()
    {
        var app = new App(new() { Interval = TimeSpan.FromHours(1) });
        using var activity = Started(ActivityTraceFlags.Recorded);
        AllocationTests.AssertAllocatesNothing(_ => app.Record());
    }

    [Fact]
    public void Metric_functions_can_use_the_exemplar_labels_for_their_own_metrics()
    {
        var registry = new Registry();
        var orders = registry.Counter("orders", "Orders.");
        var app = new App(
            new() { Labels = _ => [("a", "1")] },
            registry,
            Metrics.From(info => orders.Increment(2, info.ExemplarLabels)));
        app.Record();
        var kept = Assert.IsType<SampleValue.Counter>(registry.Scrape().Find("orders_total")).Exemplar;
        Assert.Equal((1, 2.0), (kept!.Labels.Count, kept.Value));
        Assert.Equal([], default(Info).ExemplarLabels);
    }

    [Fact]
    public void Conditions_are_evaluated_once()
    {
        var (registry, asked) = (new Registry(), 0);
        var metrics = Metrics.Requests(new() { Registry = registry }).When(_ => ++asked > 0);
        var app = new App(new() { Labels = _ => [("a", "1")] }, registry, metrics);
        app.Record();
        Assert.Equal(1, asked);
        Assert.Equal([("a", "1")], app.Count?.Labels);
    }

    [Fact]
    public void A_slot_keeps_the_last_exemplar_that_is_passed_explicitly()
    {
        var registry = new Registry();
        var (counter, classic) = (registry.Counter("a", "Help."), registry.Histogram("b", "Help.", [1]));
        var (native, both) = (
            registry.Histogram("c", "Help.", new HistogramOptions { Native = new(), Buckets = [] }),
            registry.Histogram("d", "Help.", new HistogramOptions { Native = new(), Buckets = [1] }));
        foreach (var value in new[] { 0.5, 3, 0.25, 700 })
        {
            ValueList<Label> labels = [("value", FormattableString.Invariant($"{value}"))];
            counter.Increment(value, labels);
            classic.Observe(value, labels);
            native.Observe(value, labels);
            both.Observe(value, labels);
        }
        counter.Increment(1, []);
        var snapshot = registry.Scrape();
        Assert.Equal(700, Assert.IsType<SampleValue.Counter>(snapshot.Find("a_total")).Exemplar?.Value);
        Assert.Equal([0.25, 700], ValuesOf(snapshot.Find("b")));
        Assert.Equal([0.25, 700], ValuesOf(snapshot.Find("d")));

        // Slots by order of magnitude, in any order.
        Assert.Equal([0.25, 0.5, 3, 700], ValuesOf(snapshot.Find("c")).Order());
    }

    [Property]
    public Property Native_histograms_keep_ten_whatever_comes() =>
        Prop.ForAll(Arb.From(Generators.Doubles.Generator.ListOf()), values =>
        {
            var registry = new Registry();
            var histogram = registry.Histogram(
                "a",
                "Help.",
                new HistogramOptions { Native = new(), Buckets = [] });
            foreach (var value in values)
                histogram.Observe(value, [("a", "1")]);
            var kept = ValuesOf(registry.Scrape().Find("a")).ToArray();
            Assert.InRange(kept.Length, Math.Min(1, values.Count), 10);
            Assert.Empty(kept.Except(values));
            if (values.Count > 0)
                Assert.Contains(values[^1], kept);
        });

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(30)]
    public void A_native_histogram_with_classic_buckets_keeps_one_exemplar_per_bucket(int bounds)
    {
        double[] values = [.. Enumerable.Range(1, bounds + 1)];
        var registry = new Registry();
        var histogram = registry.Histogram(
            "a",
            "Help.",
            new HistogramOptions { Native = new(), Buckets = ValueList.From(values[..^1]) });
        foreach (var value in values)
            histogram.Observe(value, [("a", "1")]);
        Assert.Equal(values, ValuesOf(registry.Scrape().Find("a")));
    }

    [Fact]
    public void An_interval_below_zero_is_refused() => Assert.Equal(
        ["Exemplars.Interval is -00:00:01, but must be zero or more. To keep every exemplar, use TimeSpan.Zero."],
        new Config { Exemplars = new() { Interval = TimeSpan.FromSeconds(-1) } }.Validate());

    private static IEnumerable<double> ValuesOf(SampleValue? value) =>
        Assert.IsType<SampleValue.Histogram>(value).Exemplars.OfType<Exemplar>().Select(one => one.Value);

    private static Activity Started(ActivityTraceFlags flags) =>
        new Activity("request") { ActivityTraceFlags = flags }.Start();

    /// <summary>A running instrumentation and its clock.</summary>
    private sealed class App
    {
        private readonly Recorder _recorder;

        public App(ExemplarOptions? options, Registry? registry = null, Func<Info, Unit>? metrics = null)
        {
            Registry = registry ?? new();
            var instrumentation = Instrumentation.Default
                .WithRegistry(Registry)
                .With(config => config with { Exemplars = options });
            _recorder = new Recorder(
                metrics is null ? instrumentation : instrumentation.Add(metrics),
                (name, failure) => Reports.Add($"{name}: {failure.Exception!.Message}"),
                Clock);
            Route = _recorder.Templated("/items/{id}");
        }

        public Registry Registry { get; }

        public Route Route { get; }

        public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UnixEpoch.AddSeconds(100));

        public double Now => (Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

        public List<string> Reports { get; } = [];

        public Exemplar? Count =>
            Registry.Scrape().Find("http_requests_total", "/items/{id}", "GET", "2xx") is SampleValue.Counter counter
                ? counter.Exemplar
                : null;

        public ValueList<Exemplar?> Durations => Assert.IsType<SampleValue.Histogram>(
            Registry.Scrape().Find("http_request_duration_seconds", "/items/{id}", "GET")).Exemplars;

        public void Record() => Record(_facts);

        public void Record(RequestFacts facts) => _recorder.Record(Route, facts);
    }
}
