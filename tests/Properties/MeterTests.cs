using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Instrumentator.Properties;

/// <summary>The meters that a registry includes are in its scrapes, whatever their instruments do.</summary>
public sealed class MeterTests : IDisposable
{
    private const string Errors = "instrumentator_callback_errors_total";

    private readonly Meter _meter = new(UniqueName());

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void Each_kind_of_instrument_is_the_metric_that_fits()
    {
        var registry = new Registry().IncludeMeters(_meter.Name);
        _meter.CreateCounter<long>("jobs.done", "{job}", "A.").Add(3);
        var open = _meter.CreateUpDownCounter<int>("jobs.open", null, "B.");
        open.Add(5);
        open.Add(-2);
        _meter.CreateGauge<double>("temperature", "Cel", "C.").Record(-1.5);
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.02, 0.05] };
        _meter.CreateHistogram("job.duration", "s", "D.", null, advice).Record(0.03);
        _meter.CreateObservableCounter("data.sent", () => 1_000L, "By", "E.");
        _meter.CreateObservableUpDownCounter("queue.length", () => -7, null, "F.");
        _meter.CreateObservableGauge("load", () => 0.25f, "1", "G.");

        Assert.Equal(
            """
            # HELP jobs_done_total A.
            # TYPE jobs_done_total counter
            jobs_done_total 3
            # HELP jobs_open B.
            # TYPE jobs_open gauge
            jobs_open 3
            # HELP temperature_celsius C.
            # TYPE temperature_celsius gauge
            temperature_celsius -1.5
            # HELP job_duration_seconds D.
            # TYPE job_duration_seconds histogram
            job_duration_seconds_bucket{le="0.02"} 0
            job_duration_seconds_bucket{le="0.05"} 1
            job_duration_seconds_bucket{le="+Inf"} 1
            job_duration_seconds_count 1
            job_duration_seconds_sum 0.03
            # HELP data_sent_bytes_total E.
            # TYPE data_sent_bytes_total counter
            data_sent_bytes_total 1000
            # HELP queue_length F.
            # TYPE queue_length gauge
            queue_length -7
            # HELP load G.
            # TYPE load gauge
            load 0.25

            """.ReplaceLineEndings("\n"),
            registry.ToText());
    }

    [Fact]
    public void Measurements_of_each_type_of_number_count()
    {
        var registry = new Registry().IncludeMeters(_meter.Name);
        _meter.CreateCounter<byte>("a").Add(200);
        _meter.CreateCounter<short>("b").Add(2);
        _meter.CreateCounter<int>("c").Add(3);
        _meter.CreateCounter<long>("d").Add(1L << 40);
        _meter.CreateCounter<float>("e").Add(0.5f);
        _meter.CreateCounter<double>("f").Add(0.25);
        _meter.CreateCounter<decimal>("g").Add(0.125m);

        Assert.Equal(
            [200, 2, 3, 1L << 40, 0.5, 0.25, 0.125],
            new[] { "a", "b", "c", "d", "e", "f", "g" }.Select(name => Counter(registry, $"{name}_total")));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("*", true)]
    [InlineData("X", false)]
    [InlineData("X*", false)]
    public void Only_meters_of_the_list_are_listened_to(string suffix, bool isListened)
    {
        var counter = _meter.CreateCounter<long>("a");
        var registry = new Registry().IncludeMeters(_meter.Name.ToUpperInvariant() + suffix);
        var other = _meter.CreateCounter<long>("b");
        using var longer = new Meter(_meter.Name + ".More");

        Assert.Equal((isListened, isListened), (counter.Enabled, other.Enabled));
        Assert.Equal(suffix == "*", longer.CreateCounter<long>("c").Enabled);
        GC.KeepAlive(registry);
    }

    [Fact]
    public void A_registry_listens_to_nothing_unless_it_includes_a_meter()
    {
        var counter = _meter.CreateCounter<long>("a");
        var registry = new Registry().IncludeProcess();
        counter.Add(1);

        Assert.False(counter.Enabled);
        Assert.DoesNotContain(registry.Scrape().Families, family => family.Definition.Name == "a_total");
    }

    [Fact]
    public void A_second_list_adds_meters_and_counts_nothing_twice()
    {
        using var other = new Meter(UniqueName());
        var registry = new Registry().IncludeMeters(_meter.Name).IncludeMeters(_meter.Name + "*", other.Name);
        _meter.CreateCounter<long>("a").Add(1);
        other.CreateCounter<long>("b").Add(2);
        other.CreateObservableCounter("c", () => 3);

        Assert.Equal(
            (1, 2, 3), (Counter(registry, "a_total"), Counter(registry, "b_total"), Counter(registry, "c_total")));
    }

    [Fact]
    public void Registries_listen_independently()
    {
        Registry first = new Registry().IncludeMeters(_meter.Name), second = new();
        var counter = _meter.CreateCounter<long>("a");
        counter.Add(1);
        second.IncludeMeters(_meter.Name);
        counter.Add(1);

        Assert.Equal((2, 1), (Counter(first, "a_total"), Counter(second, "a_total")));
    }

    [Fact]
    public void Instruments_of_one_name_and_kind_are_one_metric_which_adds_them_up()
    {
        using var other = new Meter(_meter.Name);
        var registry = new Registry().IncludeMeters(_meter.Name);
        foreach (var meter in new[] { _meter, other })
        {
            meter.CreateCounter<long>("a").Add(2, Tag("x", 1));
            meter.CreateObservableCounter("b", () => new Measurement<long>(3, Tag("x", 1)));
            meter.CreateObservableGauge("c", () => 5);
        }

        Assert.Equal(
            (4, 6, 5), (Counter(registry, "a_total", "1"), Counter(registry, "b_total", "1"), Gauge(registry, "c")));
        Assert.Equal(6, Counter(registry, "b_total", "1"));
    }

    [Fact]
    public void Observable_instruments_run_only_when_somebody_scrapes_and_once_for_each_scrape()
    {
        var runs = 0;
        var registry = new Registry().IncludeMeters(_meter.Name);
        _meter.CreateObservableGauge("a", () => ++runs);

        Assert.Equal(0, runs);
        Assert.Equal([1, 2, 3], Enumerable.Range(0, 3).Select(_ => Gauge(registry, "a")));
    }

    [Fact]
    public void Series_that_an_observable_instrument_no_longer_reports_are_gone_and_free_their_places()
    {
        var now = 0;
        var registry = new Registry(seriesLimit: 2).IncludeMeters(_meter.Name);
        _meter.CreateObservableGauge("a", () => new[]
        {
            new Measurement<int>(now, Tag("x", now)), new Measurement<int>(now, Tag("x", now + 1)),
        });

        for (; now < 20; now += 2)
        {
            // The first scrape after a change still knows the old series.
            registry.Scrape();
            Assert.Equal(
                [$"{now}", $"{now + 1}"], Family(registry, "a").Samples.Select(sample => sample.Labels.Values[0]));
        }
    }

    [Fact]
    public void The_order_of_tags_makes_no_difference_and_series_may_have_other_labels()
    {
        var registry = new Registry().IncludeMeters(_meter.Name);
        var counter = _meter.CreateCounter<long>("a");
        for (var i = 0; i < 3; i++)
        {
            counter.Add(1, Tag("x.y", "1"), Tag("b", true));
            counter.Add(1, Tag("b", true), Tag("x.y", "1"));
            counter.Add(1, Tag("x.y", "1"));
            counter.Add(1);
        }

        Assert.Equal(
            ["{b=\"true\",x_y=\"1\"} 6", "{x_y=\"1\"} 3", "{} 3"],
            Series(registry, "a_total"));
    }

    [Fact]
    public void Tags_in_each_of_720_orders_are_one_series()
    {
        var registry = new Registry().IncludeMeters(_meter.Name);
        var counter = _meter.CreateCounter<long>("a");
        KeyValuePair<string, object?>[] tags = [.. "abcdef".Select(key => Tag($"{key}", 1))];
        foreach (var order in Orders(tags))
            counter.Add(1, order);

        Assert.Equal(["{a=\"1\",b=\"1\",c=\"1\",d=\"1\",e=\"1\",f=\"1\"} 720"], Series(registry, "a_total"));
    }

    [Fact]
    public void Tags_of_any_form_become_labels_that_every_reader_accepts()
    {
        var registry = new Registry().IncludeMeters(_meter.Name);
        var counter = _meter.CreateCounter<long>("a");
        counter.Add(1, Tag("bool", false), Tag("double", 0.5), Tag("decimal", 1.50m), Tag("enum", DayOfWeek.Friday));
        counter.Add(1, Tag("null", null), Tag("empty", ""));
        counter.Add(1, Tag("", "none"), Tag("1st", "digit"), Tag("__name__", "reserved"), Tag("ä", "other"));
        counter.Add(1, Tag("k", "first"), Tag("k", "last"));
        counter.Add(1, Tag("a.b", "2"), Tag("a_b", "3"), Tag("a-b", "1"));
        counter.Add(1, Tag("half", "\uD800"), Tag("line", "\n\"\\"));

        Assert.Equal(
            [
                "{bool=\"false\",decimal=\"1.50\",double=\"0.5\",enum=\"Friday\"} 1",
                "{} 1",
                "{_=\"none;other\",_1st=\"digit\",_name_=\"reserved\"} 1",
                "{k=\"last\"} 1",
                "{a_b=\"1;2;3\"} 1",
                "{half=\"\uFFFD\",line=\"\\n\\\"\\\\\"} 1",
            ],
            Series(registry, "a_total"));
    }

    [Fact]
    public void A_tag_with_the_name_of_a_bucket_label_is_renamed_in_histograms()
    {
        var registry = new Registry().IncludeMeters(_meter.Name);
        _meter.CreateHistogram<int>("a").Record(1, Tag("le", "x"));
        _meter.CreateCounter<int>("b").Add(1, Tag("le", "x"));

        Assert.Equal(["exported_le"], Family(registry, "a").Samples[0].Labels.Names);
        Assert.Equal(["le"], Family(registry, "b_total").Samples[0].Labels.Names);
    }

    [Fact]
    public void Label_values_are_cut_and_there_are_at_most_64_labels()
    {
        var registry = new Registry().IncludeMeters(_meter.Name);
        var counter = _meter.CreateCounter<long>("a");
        var tags = Enumerable.Range(0, 1_000).Select(i => Tag($"t{i:D3}", new string('v', 5_000))).ToArray();
        counter.Add(1, tags);
        counter.Add(1, Tag(new string('k', 100_000), "v"));

        var series = Family(registry, "a_total").Samples;

        Assert.Equal(64, series[0].Labels.Names.Count);
        Assert.All(series[0].Labels.Values, value => Assert.Equal(new string('v', 1_023) + "…", value));
        Assert.Equal([new string('k', 1_024)], series[1].Labels.Names);
    }

    [Fact]
    public void Over_the_limit_totals_stay_right_in_one_more_series_and_the_lookups_are_counted()
    {
        var registry = new Registry(seriesLimit: 3).LimitSeries("b_total", 1);
        var watcher = new Watcher();
        registry.Watch(watcher);
        registry.IncludeMeters(_meter.Name);
        var pushed = _meter.CreateCounter<long>("a");
        _meter.CreateObservableCounter(
            "b", () => Enumerable.Range(0, 4).Select(i => new Measurement<int>(1, Tag("x", i))));
        for (var i = 0; i < 10; i++)
            pushed.Add(1, Tag("x", i), Tag("y", "z"));

        registry.Scrape();

        Assert.Equal(
            [
                "{x=\"0\",y=\"z\"} 1", "{x=\"1\",y=\"z\"} 1", "{x=\"2\",y=\"z\"} 1",
                "{x=\"_overflow\",y=\"_overflow\"} 7",
            ],
            Series(registry, "a_total"));
        Assert.Equal(["{x=\"0\"} 1", "{x=\"_overflow\"} 3"], Series(registry, "b_total"));
        Assert.Equal(7, Counter(registry, Overflows.CounterName, "a_total"));
        Assert.Equal([("a_total", 3), ("b_total", 1)], watcher.Notified);
        GC.KeepAlive(watcher);
    }

    [Fact]
    public void A_limit_that_rises_holds_from_the_next_scrape_on()
    {
        var registry = new Registry(seriesLimit: 1).IncludeMeters(_meter.Name);
        var counter = _meter.CreateCounter<long>("a");
        counter.Add(1, Tag("x", 1));
        counter.Add(1, Tag("x", 2));
        registry.LimitSeries("a_total", 5).Scrape();
        counter.Add(1, Tag("x", 2));
        counter.Add(1);

        Assert.Equal(
            ["{x=\"1\"} 1", "{x=\"_overflow\"} 1", "{x=\"2\"} 1", "{} 1"], Series(registry, "a_total"));
    }

    [Fact]
    public void A_tag_that_says_overflow_by_itself_breaks_nothing()
    {
        var registry = new Registry(seriesLimit: 1).IncludeMeters(_meter.Name);
        var counter = _meter.CreateCounter<long>("a");
        counter.Add(1, Tag("x", "_overflow"));
        counter.Add(1, Tag("x", "2"));
        counter.Add(1);

        Assert.Equal(["{x=\"_overflow\"} 2", "{} 1"], Series(registry, "a_total"));
    }

    [Property]
    public void Any_measurements_are_the_sums_of_their_labels_as_long_as_there_is_room(
        (HostileText Key, HostileText Value, byte Amount)[] measurements, PositiveInt limit)
    {
        using var meter = new Meter(UniqueName());
        var registry = new Registry(limit.Get).IncludeMeters(meter.Name);
        var counter = meter.CreateCounter<long>("a");
        var expected = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (key, value, amount) in measurements)
        {
            counter.Add(amount, Tag(key.Value, value.Value));
            var labels = LabelValues.Clean([value.Value]) is [{ Length: > 0 } text]
                ? $"{InstrumentNames.OfLabel(key.Value[..Math.Min(key.Value.Length, 1_024)])}={text}"
                : "";
            expected[labels] = expected.GetValueOrDefault(labels) + amount;
        }

        var samples = Family(registry, "a_total").Samples;

        Assert.InRange(samples.Count, 0, limit.Get + 2);
        Assert.Equal(expected.Values.Sum(), samples.Sum(sample => ((SampleValue.Counter)sample.Value).Value));
        if (expected.Count <= limit.Get)
        {
            Assert.Equal(
                expected.OrderBy(one => one.Key, StringComparer.Ordinal),
                samples.Select(sample => KeyValuePair.Create(
                    string.Concat(sample.Labels.Names.Zip(sample.Labels.Values, (name, value) => $"{name}={value}")),
                    (long)((SampleValue.Counter)sample.Value).Value)).OrderBy(one => one.Key, StringComparer.Ordinal));
        }
        Assert.NotEmpty(registry.ToText(ExpositionFormat.OpenMetrics));
    }

    [Fact]
    public void Threads_lose_nothing_in_any_kind_of_instrument_while_others_scrape()
    {
        const int Times = 2_000;
        var registry = new Registry(seriesLimit: 50).IncludeMeters(_meter.Name);
        var (counter, histogram) = (_meter.CreateCounter<long>("a"), _meter.CreateHistogram<int>("b"));
        var up = _meter.CreateUpDownCounter<double>("c");
        _meter.CreateObservableCounter(
            "d", () => new Measurement<int>(1, Tag("x", Environment.CurrentManagedThreadId)));

        Threads.Run(
            4,
            thread =>
            {
                for (var i = 0; i < Times; i++)
                {
                    counter.Add(1, Tag("x", i % 100), Tag("thread", thread));
                    histogram.Record(i, Tag("x", i % 7));
                    up.Add(i % 2 == 0 ? 1 : -1);
                }
            },
            () => registry.Scrape());

        Assert.Equal(4 * Times, Family(registry, "a_total").Samples.Sum(one => ((SampleValue.Counter)one.Value).Value));
        Assert.Equal(51, Family(registry, "a_total").Samples.Count);
        Assert.Equal(4 * Times, Family(registry, "b").Samples.Sum(one => ((SampleValue.Histogram)one.Value).Count));
        Assert.Equal(0, Gauge(registry, "c"));
    }

    [Fact]
    public void A_measurement_with_known_tags_allocates_nothing()
    {
        var registry = new Registry().IncludeMeters(_meter.Name);
        var counter = _meter.CreateCounter<long>("a");
        var histogram = _meter.CreateHistogram<double>("b", "s");
        object[] ports = [80, 443];

        AllocationTests.AssertAllocatesNothing(i =>
        {
            counter.Add(1);
            counter.Add(2, Tag("method", "GET"), Tag("port", ports[i % 2]), Tag("secure", null));
            histogram.Record(i, Tag("method", i % 2 == 0 ? "GET" : "POST"));
        });
        GC.KeepAlive(registry);
    }

    [Fact]
    public void Numbers_that_a_sum_cannot_take_are_dropped()
    {
        var registry = new Registry().IncludeMeters(_meter.Name);
        var (counter, up) = (_meter.CreateCounter<double>("a"), _meter.CreateUpDownCounter<double>("b"));
        var (gauge, histogram) = (_meter.CreateGauge<double>("c"), _meter.CreateHistogram<double>("d"));
        var observed = 0.0;
        _meter.CreateObservableCounter("e", () => observed);
        _meter.CreateObservableGauge("f", () => observed);
        foreach (var value in new[] { 1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, -2 })
        {
            observed = value;
            counter.Add(value);
            up.Add(value);
            histogram.Record(value);
            gauge.Record(value);
            registry.Scrape();
        }

        Assert.Equal((1, -1, -2), (Counter(registry, "a_total"), Gauge(registry, "b"), Gauge(registry, "c")));
        var seen = Assert.IsType<SampleValue.Histogram>(Family(registry, "d").Samples[0].Value);
        Assert.Equal((2, -1), (seen.Count, seen.Sum));
        Assert.Empty(Family(registry, "e_total").Samples);
        Assert.Equal(-2, Gauge(registry, "f"));
        gauge.Record(double.NaN);
        Assert.Equal(double.NaN, Gauge(registry, "c"));
    }

    [Fact]
    public void A_callback_that_throws_is_counted_by_its_metric_and_leaves_the_others()
    {
        var registry = new Registry().IncludeMeters(_meter.Name);
        _meter.CreateObservableGauge("a", int () => throw new InvalidOperationException("Broken."));
        _meter.CreateObservableGauge("b", () => 1);
        _meter.CreateObservableCounter("c", Broken);
        _meter.CreateObservableCounter("d", () => 2, "By");

        for (var i = 0; i < 3; i++)
        {
            var scrape = registry.Scrape();
            Assert.Equal(new SampleValue.Gauge(1), scrape.Find("b"));
            Assert.Equal(new SampleValue.Counter(2), scrape.Find("d_bytes_total"));
            Assert.Null(scrape.Find("a"));
        }

        var errors = registry.Scrape();
        Assert.Equal(new SampleValue.Counter(3), errors.Find(Errors, "a"));
        Assert.Equal(new SampleValue.Counter(3), errors.Find(Errors, "c_total"));

        static IEnumerable<Measurement<int>> Broken()
        {
            yield return new(1);
            throw new InvalidOperationException("Broken.");
        }
    }

    [Fact]
    public void A_tag_that_throws_costs_its_measurement_and_does_not_reach_the_instrumented_code()
    {
        var registry = new Registry().IncludeMeters(_meter.Name);
        var counter = _meter.CreateCounter<long>("a");
        counter.Add(1, Tag("x", new Thrower()));
        counter.Add(1, Tag("x", "fine"));
        registry.Scrape();

        Assert.Equal(["{x=\"fine\"} 1"], Series(registry, "a_total"));
        Assert.Equal(1, Counter(registry, Errors, "a_total"));
    }

    [Fact]
    public async Task While_a_callback_hangs_scrapes_have_everything_else_and_start_nothing_more()
    {
        using var end = new ManualResetEventSlim();
        var runs = 0;
        var registry = new Registry().IncludeMeters(_meter.Name);
        _meter.CreateCounter<long>("a").Add(1);
        _meter.CreateObservableGauge("b", () =>
        {
            Interlocked.Increment(ref runs);
            end.Wait(TestContext.Current.CancellationToken);
            return 2;
        });

        for (var i = 0; i < 5; i++)
        {
            var scrape = await registry.ScrapeAsync(TestContext.Current.CancellationToken);
            Assert.Equal(new SampleValue.Counter(1), scrape.Find("a_total"));
            Assert.Null(scrape.Find("b"));
        }

        Assert.Equal(1, runs);
        Assert.Equal(5, Counter(registry, Errors, "b"));
        end.Set();
        Assert.True(SpinWait.SpinUntil(() => registry.Scrape().Find("b") is not null, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_scrape_that_is_no_longer_needed_does_not_wait_for_a_callback()
    {
        using var end = new ManualResetEventSlim();
        using var cancelled = new CancellationTokenSource();
        var registry = new Registry().IncludeMeters(_meter.Name);
        _meter.CreateObservableGauge("b", () =>
        {
            cancelled.Cancel();
            end.Wait(TestContext.Current.CancellationToken);
            return 2;
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await registry.ScrapeAsync(cancelled.Token));
        end.Set();
    }

    [Theory]
    [InlineData("s", null, new[] { 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10 })]
    [InlineData("ms", null, new[] { 0.0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000 })]
    [InlineData("s", new[] { 1.0, 2 }, new[] { 1.0, 2 })]
    [InlineData("s", new[] { 1.0, double.PositiveInfinity }, new[] { 1.0 })]
    [InlineData("s", new double[0], new double[0])]
    public void The_buckets_are_those_that_the_instrument_advises_or_defaults_for_its_unit(
        string unit, double[]? advice, double[] expected)
    {
        var registry = new Registry().IncludeMeters(_meter.Name);
        _meter.CreateHistogram<double>(
            "a", unit, advice: advice is null ? null : new() { HistogramBucketBoundaries = advice });
        _meter.CreateHistogram<long>("b", null, null, null, new() { HistogramBucketBoundaries = [7, 8] });

        Assert.Equal(expected, registry.Scrape().Families[0].Definition.Buckets);
        Assert.Equal([7.0, 8.0], Family(registry, "b").Definition.Buckets);
    }

    [Fact]
    public void When_a_registry_is_gone_nothing_listens_any_more()
    {
        var counter = _meter.CreateCounter<long>("a");
        _meter.CreateObservableGauge("b", () => 1);
        IncludeAndForget(counter);

        for (var i = 0; i < 20 && counter.Enabled; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(counter.Enabled);
    }

    [Fact]
    public void A_registry_that_lives_keeps_listening()
    {
        var registry = new Registry().IncludeMeters(_meter.Name);
        var counter = _meter.CreateCounter<long>("a");
        GC.Collect();
        GC.WaitForPendingFinalizers();
        counter.Add(1);

        Assert.Equal(1, Counter(registry, "a_total"));
    }

    [Fact]
    public void The_metrics_of_a_meter_that_is_disposed_are_gone_unless_another_meter_has_them()
    {
        var registry = new Registry().IncludeMeters(_meter.Name);
        _meter.CreateCounter<long>("a").Add(1);
        using (var short1 = new Meter(_meter.Name))
        {
            short1.CreateCounter<long>("a").Add(2);
            short1.CreateCounter<long>("b").Add(3);
            short1.CreateObservableGauge("c", () => 4);
            Assert.Equal((3, 3, 4), (Counter(registry, "a_total"), Counter(registry, "b_total"), Gauge(registry, "c")));
        }

        Assert.Equal(["a_total"], registry.Scrape().Families.Select(family => family.Definition.Name));
        Assert.Equal(3, Counter(registry, "a_total"));
    }

    [Fact]
    public void Instruments_of_one_name_and_different_kinds_fail_the_scrape_with_an_error_that_names_both()
    {
        var registry = new Registry().IncludeMeters(_meter.Name);
        _meter.CreateUpDownCounter<long>("a.b");
        _meter.CreateHistogram<long>("a_b");

        var error = Assert.Throws<InvalidOperationException>(registry.Scrape);

        Assert.Equal(
            "The name a_b has instruments of different kinds: "
                + $"UpDownCounter \"a.b\" of the meter \"{_meter.Name}\" and "
                + $"Histogram \"a_b\" of the meter \"{_meter.Name}\". Include the meter of only one of them.",
            error.Message);
    }

    [Fact]
    public void A_name_of_the_registry_itself_is_an_error_at_the_start_that_shows_both()
    {
        var registry = new Registry().IncludeMeters(_meter.Name);
        registry.Counter("a", "Ours.");
        _meter.CreateHistogram<long>("a");

        foreach (var error in new[]
        {
            Assert.Throws<InvalidOperationException>(registry.CheckNames),
            Assert.Throws<InvalidOperationException>(registry.Scrape),
        })
        {
            Assert.Contains("Counter a_total \"Ours.\"", error.Message, StringComparison.Ordinal);
            Assert.Contains("Histogram a \"\"", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_instrument_without_a_name_is_left_out()
    {
        var registry = new Registry().IncludeMeters(_meter.Name);
        _meter.CreateCounter<long>("").Add(1);
        _meter.CreateGauge<long>("日本").Record(2);

        Assert.Equal(["_"], registry.Scrape().Families.Select(family => family.Definition.Name));
    }

    [Fact]
    public void A_list_of_meters_without_a_name_or_with_a_star_inside_is_refused()
    {
        var registry = new Registry();
        Assert.Throws<ArgumentNullException>(() => ((Registry)null!).IncludeMeters("a"));
        Assert.Throws<ArgumentNullException>(() => registry.IncludeMeters(null!));
        foreach (var names in new string[][] { [], [""], [" "], [null!], ["a", "*.b"], ["**"] })
            Assert.Throws<ArgumentException>(() => registry.IncludeMeters(names));
        Assert.Empty(registry.Scrape().Families);
    }

    [Theory]
    [InlineData("http.client.request.duration", "s", false, "http_client_request_duration_seconds")]
    [InlineData("kestrel.active_connections", "{connection}", false, "kestrel_active_connections")]
    [InlineData("dotnet.process.memory.working_set", "By", false, "dotnet_process_memory_working_set_bytes")]
    [InlineData("dotnet.exceptions", "{exception}", true, "dotnet_exceptions_total")]
    [InlineData("requests_total", "{request}", true, "requests_total")]
    [InlineData("requests_total", "By", true, "requests_bytes_total")]
    [InlineData("sent_bytes", "By", true, "sent_bytes_total")]
    [InlineData("ratio", "1", false, "ratio")]
    [InlineData("speed", "m/s", false, "speed_meters_per_second")]
    [InlineData("rate", "{request}/s", false, "rate_per_second")]
    [InlineData("fill", "%", false, "fill_percent")]
    [InlineData("own", "widgets", false, "own_widgets")]
    [InlineData("a..b--c", null, false, "a_b_c")]
    [InlineData("9lives", "", false, "_lives")]
    [InlineData("ns:name", "foo/", false, "ns:name_foo")]
    public void Names_follow_the_rules_of_OpenTelemetry(string name, string? unit, bool isCounter, string expected) =>
        Assert.Equal(expected, InstrumentNames.OfMetric(name, unit, isCounter));

    [Property]
    public void Any_name_unit_and_key_gives_valid_names(HostileText name, HostileText unit, bool isCounter)
    {
        var metric = InstrumentNames.OfMetric(name.Value, unit.Value, isCounter);
        Assert.True(metric.Length == 0 || Names.IsMetric(metric), metric);
        Assert.Empty(Names.ErrorsOfLabels("a", [InstrumentNames.OfLabel(name.Value)], reserved: null));
    }

    private static string UniqueName() => $"Test.{Guid.NewGuid():N}";

    private static KeyValuePair<string, object?> Tag(string key, object? value) => new(key, value);

    private static IEnumerable<KeyValuePair<string, object?>[]> Orders(KeyValuePair<string, object?>[] tags) =>
        tags.Length == 0 ? [[]]
            : from first in tags
              from rest in Orders([.. tags.Where(tag => tag.Key != first.Key)])
              select rest.Prepend(first).ToArray();

    private static FamilySnapshot Family(Registry registry, string name) =>
        registry.Scrape().Families.Single(family => family.Definition.Name == name);

    private static IEnumerable<string> Series(Registry registry, string name) =>
        Family(registry, name).Samples.Select(sample => string.Create(
            CultureInfo.InvariantCulture, $"{sample.Labels} {((SampleValue.Counter)sample.Value).Value}"));

    private static double Counter(Registry registry, string name, params string[] labels) =>
        Assert.IsType<SampleValue.Counter>(registry.Scrape().Find(name, labels)).Value;

    private static double Gauge(Registry registry, string name) =>
        Assert.IsType<SampleValue.Gauge>(registry.Scrape().Find(name)).Value;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void IncludeAndForget(Counter<long> counter)
    {
        var registry = new Registry().IncludeMeters(counter.Meter.Name);
        counter.Add(1, Tag("x", 1));
        Assert.True(counter.Enabled);
        Assert.Equal(1, Counter(registry, "a_total", "1"));
    }

#pragma warning disable CA1065 // It throws where nobody expects it.
    private sealed class Thrower
    {
        public override bool Equals(object? obj) => throw new InvalidOperationException("No comparison.");

        public override int GetHashCode() => throw new InvalidOperationException("No hash.");

        public override string ToString() => throw new InvalidOperationException("No text.");
    }
#pragma warning restore CA1065

    private sealed class Watcher : IRegistryWatcher
    {
        public List<(string Metric, int Limit)> Notified { get; } = [];

        public void OnOverflow(string metric, int limit) => Notified.Add((metric, limit));

        public void OnCallbackError(CallbackError error) { }
    }
}
