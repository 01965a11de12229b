namespace Instrumentator.Properties;

/// <summary>A metric may have its own series limit, and the registry counts the lookups over the limit.</summary>
public abstract partial class RegistryContract
{
    private static readonly string[] _metrics = ["a_total", "b", "c"];

    [Property]
    public Property The_limit_of_a_metric_holds_whether_it_is_set_before_or_after_the_registration() =>
        Prop.ForAll(
            Arb.From(
                from limits in Gen.Choose(1, 5).ListOf(_metrics.Length)
                from before in Gen.Elements(true, false)
                from values in Gen.Choose(0, 12).ListOf()
                select (Limits: limits.ToArray(), Before: before, Values: values)),
            one =>
            {
                var registry = New(seriesLimit: 7);
                var families = new Family[_metrics.Length];
                if (one.Before)
                    Limit();
                families[0] = registry.Counter("a", "Help.", "x");
                families[1] = registry.Gauge("b", "Help.", "x");
                families[2] = registry.Histogram("c", "Help.", [1], "x");
                if (!one.Before)
                    Limit();
                foreach (var value in one.Values)
                    Array.ForEach(families, family => family.Find([$"{value}"]));

                var known = one.Values.Distinct().Count();
                Assert.Equal(
                    one.Limits.Select(limit => known <= limit ? known : limit + 1),
                    families.Select(family => family.Count));

                void Limit() => Array.ForEach(
                    _metrics, metric => registry.LimitSeries(metric, one.Limits[Array.IndexOf(_metrics, metric)]));
            });

    [Fact]
    public void Limits_that_change_while_threads_write_hold_and_no_observation_is_lost()
    {
        var registry = New(seriesLimit: 40);
        var family = registry.Counter("a", "Help.", "x");
        Threads.Run(
            4,
            thread =>
            {
                for (var i = 0; i < 5_000; i++)
                {
                    if (i % 100 == 0)
                        registry.LimitSeries("a_total", 1 + (i + thread) % 30);
                    family.With($"{thread} {i % 500}").Increment();
                }
            },
            meanwhile: () => Assert.InRange(family.Count, 0, 41));

        var snapshot = registry.Scrape();
        var samples = FamiliesOf(snapshot).Single().Samples;
        Assert.Equal(20_000, samples.Sum(ValueOf));
        Assert.Single(samples, sample => sample.Labels.Values[0] == "_overflow");

        // Each lookup over the limit is one observation of the overflow series.
        Assert.Equal(
            ValueOf(samples.Single(sample => sample.Labels.Values[0] == "_overflow")),
            DroppedOf(snapshot)["a_total"]);
    }

    [Fact]
    public void A_lower_limit_keeps_existing_series_and_a_higher_limit_allows_new_ones()
    {
        var registry = New(seriesLimit: 3);
        var family = registry.Counter("a", "Help.", "x");
        foreach (var value in new[] { "1", "2", "3" })
            family.With(value).Increment();

        registry.LimitSeries("a_total", 2);
        foreach (var value in new[] { "1", "2", "3", "4" })
            family.With(value).Increment();
        Assert.Equal(["1", "2", "3", "_overflow"], Values());

        registry.LimitSeries("a_total", 4);
        family.With("5").Increment();
        family.With("6").Increment();
        Assert.Equal(["1", "2", "3", "_overflow", "5"], Values());
        Assert.Equal(2, DroppedOf(registry.Scrape())["a_total"]);

        IEnumerable<string> Values() =>
            FamiliesOf(registry.Scrape()).Single().Samples.Select(sample => sample.Labels.Values[0]);
    }

    [Fact]
    public void A_limit_holds_for_the_default_metrics_and_for_the_gauge_of_requests_in_progress()
    {
        var registry = New()
            .LimitSeries("http_requests_total", 2)
            .LimitSeries("http_request_size_bytes", 1)
            .LimitSeries("http_requests_inprogress", 3);
        var recorder = new Recorder(
            Instrumentation.Default
                .WithRegistry(registry)
                .With(config => config with { InProgress = new() { Labels = true } }),
            _ignore);
        for (var i = 0; i < 9; i++)
        {
            var route = recorder.Templated($"/{i}");
            route.InProgressOf("GET", default)!.Gauge.Increment();
            recorder.Record(route, new RequestFacts { Method = "GET", StatusCode = 200, RequestSize = 2 });
        }

        var snapshot = registry.Scrape();
        Assert.Equal(
            (3, 2, 4, 9),
            (
                Count("http_requests_total"),
                Count("http_request_size_bytes"),
                Count("http_requests_inprogress"),
                Count("http_response_size_bytes")));
        Assert.Equal(
            new SampleValue.Counter(7),
            snapshot.Find("http_requests_total", "_overflow", "_overflow", "_overflow"));
        Assert.Equal(new SampleValue.Summary(8, 16), snapshot.Find("http_request_size_bytes", "_overflow"));
        Assert.Equal(new SampleValue.Gauge(6), snapshot.Find("http_requests_inprogress", "_overflow", "_overflow"));
        Assert.Equal(
            (7, 8, 6),
            (
                DroppedOf(snapshot)["http_requests_total"],
                DroppedOf(snapshot)["http_request_size_bytes"],
                DroppedOf(snapshot)["http_requests_inprogress"]));

        int Count(string name) => snapshot.Families.Single(family => family.Definition.Name == name).Samples.Count;
    }

    [Fact]
    public void The_counter_of_dropped_series_appears_with_the_first_one_and_its_name_is_always_taken()
    {
        var registry = New(seriesLimit: 1);
        var refusal = Assert.Throws<InvalidOperationException>(() => registry.Gauge(Overflows.CounterName, "Mine."));
        Assert.Contains($"Registered: Counter {Overflows.CounterName}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Requested: Gauge", refusal.Message, StringComparison.Ordinal);

        var family = registry.Counter("a", "Help.", "x");
        family.With("1").Increment();
        Assert.Equal(["a_total"], registry.Scrape().Families.Select(one => one.Definition.Name));
        family.With("2").Increment();
        Assert.Equal(["a_total", Overflows.CounterName], registry.Scrape().Families.Select(one => one.Definition.Name));
    }

    [Fact]
    public void The_series_limit_does_not_limit_the_number_of_full_metrics_that_are_counted()
    {
        var registry = New(seriesLimit: 1);
        for (var i = 0; i < 5; i++)
        {
            registry.Counter($"a{i}", "Help.", "x").With("1").Increment();
            registry.Counter($"a{i}", "Help.", "x").With("2").Increment();
        }
        Assert.Equal(5, DroppedOf(registry.Scrape()).Count);
        var refusal = Assert.Throws<ArgumentException>(() => registry.LimitSeries(Overflows.CounterName, 1));
        Assert.StartsWith(
            "instrumentator_series_dropped_total has a series for each metric at its limit",
            refusal.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_lazy_family_appears_with_its_first_series_or_when_it_is_registered()
    {
        var registry = New();
        var definition = new FamilyDefinition("quiet_total", "Help.", MetricKind.Counter, ["x"], []);
        var lazy = registry.RegisterLazily<Counter>(definition);
        Assert.Same(lazy, registry.RegisterLazily<Counter>(definition));
        Assert.Throws<InvalidOperationException>(() => registry.Gauge("quiet", "Mine."));
        Assert.Empty(registry.Scrape().Families);
        Assert.Equal(0, registry.CountSeries());

        Assert.Same(lazy, registry.Counter("quiet", "Help.", "x"));
        lazy.With("1").Increment();
        Assert.Equal(new SampleValue.Counter(1), registry.Scrape().Find("quiet_total", "1"));
        Assert.Equal(1, registry.CountSeries());
    }

    [Fact]
    public void A_lazy_family_without_labels_appears_at_its_first_lookup()
    {
        var registry = New();
        var lazy =
            registry.RegisterLazily<Counter>(new FamilyDefinition("quiet_total", "Help.", MetricKind.Counter, [], []));
        Assert.Empty(registry.Scrape().Families);
        lazy.With([]).Increment();
        Assert.Equal(new SampleValue.Counter(1), registry.Scrape().Find("quiet_total"));
    }
}
