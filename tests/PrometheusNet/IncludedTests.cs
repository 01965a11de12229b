using Instrumentator.Tests;
using Prometheus;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>The scrape of a registry that includes a prometheus-net registry shows its metrics.</summary>
public class IncludedTests
{
    private readonly CollectorRegistry _collectors = new();
    private readonly Registry _registry = new();

    public IncludedTests() => _registry.Include(_collectors);

    private MetricFactory Factory => Prometheus.Metrics.WithCustomRegistry(_collectors);

    [Fact]
    public void A_metric_of_every_type_is_shown_once_with_its_values()
    {
        Factory.CreateCounter("orders_total", "Orders taken.", "country").WithLabels("DE").Inc(2);
        Factory.CreateCounter("orders", "Counted without a suffix.").Inc(3);
        Factory.CreateGauge("load", "Load.").Set(double.NegativeInfinity);
        Factory
            .CreateHistogram(
                "jobs_seconds",
                "Time.",
                ["kind"],
                new HistogramConfiguration { Buckets = [0.001, 1, 1_000_000, 1e21] })
            .WithLabels("a")
            .Observe(1e6);
        Factory.CreateSummary("upload_bytes", "Size.").Observe(5);
        AssertIncluded(
            new(
                new("orders_total", "Orders taken.", MetricKind.Counter, ["country"], []),
                [new(new LabelSet(["country"], ["DE"]), new SampleValue.Counter(2))]),
            new(
                new("orders", "Counted without a suffix.", MetricKind.Counter, [], []),
                [new(LabelSet.Empty, new SampleValue.Counter(3))]),
            new(
                new("load", "Load.", MetricKind.Gauge, [], []),
                [new(LabelSet.Empty, new SampleValue.Gauge(double.NegativeInfinity))]),
            new(
                new("jobs_seconds", "Time.", MetricKind.Histogram, ["kind"], [0.001, 1, 1e6, 1e21]),
                [new(new LabelSet(["kind"], ["a"]), new SampleValue.Histogram([0, 0, 1, 0, 0], 1e6))]),
            new(
                new("upload_bytes", "Size.", MetricKind.Summary, [], []),
                [new(LabelSet.Empty, new SampleValue.Summary(1, 5))]));
    }

    [Fact]
    public void A_gauge_and_a_counter_whose_names_differ_by_the_suffix_stay_two_families()
    {
        Factory.CreateGauge("jobs", "Jobs that run.").Set(5);
        Factory.CreateCounter("jobs_total", "Jobs that ran.").Inc(7);
        var snapshot = _registry.Scrape();
        Assert.Equal(new SampleValue.Gauge(5), snapshot.Find("jobs"));
        Assert.Equal(new SampleValue.Counter(7), snapshot.Find("jobs_total"));
    }

    [Fact]
    public void Series_of_one_family_may_have_different_buckets_and_labels()
    {
        Factory.CreateHistogram("a", "Help.", ["x"], new HistogramConfiguration { Buckets = [1, 2] })
            .WithLabels("1")
            .Observe(1.5);
        Factory.CreateHistogram("a", "Help.", ["x", "y"], new HistogramConfiguration { Buckets = [10] })
            .WithLabels("1", "2")
            .Observe(1.5);
        AssertIncluded(new FamilySnapshot(
            new("a", "Help.", MetricKind.Histogram, ["x"], [1, 2]),
            [
                new(new LabelSet(["x"], ["1"]), new SampleValue.Histogram([0, 1, 0], 1.5)),
                new(new LabelSet(["x", "y"], ["1", "2"]), new SampleValue.Histogram([1, 0], 1.5) { Buckets = [10] }),
            ]));
        Assert.Contains("a_bucket{x=\"1\",y=\"2\",le=\"10.0\"} 1\n", _registry.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Quantiles_are_kept()
    {
        var summary = Factory.CreateSummary(
            "a", "Help.", new SummaryConfiguration { Objectives = [new(0.5, 0.01), new(0.99, 0.001)] });
        Assert.Equal(
            [new Quantile(0.5, double.NaN), new Quantile(0.99, double.NaN)],
            Read<SampleValue.Summary>("a").Quantiles);
        for (var i = 1; i <= 100; i++)
            summary.Observe(i);
        Assert.Equal([new Quantile(0.5, 50), new Quantile(0.99, 99)], Read<SampleValue.Summary>("a").Quantiles);
    }

    [Fact]
    public void Static_labels_come_after_the_others()
    {
        _collectors.SetStaticLabels(new Dictionary<string, string>(StringComparer.Ordinal) { ["zone"] = "\"eu\"\\\n" });
        Factory.WithLabels(new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "shop" })
            .CreateCounter("a_total", "Help.", ["x"])
            .WithLabels("1")
            .Inc();
        Assert.Equal(
            new LabelSet(["x", "app", "zone"], ["1", "shop", "\"eu\"\\\n"]),
            _registry.Scrape().Families.Single().Samples.Single().Labels);
    }

    [Fact]
    public void Exemplars_are_kept_where_OpenMetrics_allows_them()
    {
        static Prometheus.Exemplar Trace() => Prometheus.Exemplar.From(
            Prometheus.Exemplar.Pair("trace_id", "0af7"), Prometheus.Exemplar.Pair("path", "/items"));
        Factory.CreateCounter("a_total", "Help.").Inc(2, Trace());
        Factory.CreateCounter("b", "Help.").Inc(2, Trace());
        Factory.CreateHistogram("c", "Help.", new HistogramConfiguration { Buckets = [1, 2] }).Observe(1.5, Trace());
        var expected = new Exemplar([("trace_id", "0af7"), ("path", "/items")], 2, null);
        Assert.Equal(expected, Read<SampleValue.Counter>("a_total").Exemplar! with { Timestamp = null });
        Assert.Null(Read<SampleValue.Counter>("b").Exemplar);
        Assert.Equal(
            [null, expected with { Value = 1.5 }, null],
            Read<SampleValue.Histogram>("c").Exemplars
                .Select(one => one is null ? null : one with { Timestamp = null }));
    }

    [Theory]
    [InlineData("a\"b")]
    [InlineData("\\")]
    public void An_exemplar_that_breaks_its_line_is_left_out_and_its_sample_stays(string value)
    {
        Factory.CreateCounter("a_total", "Help.")
            .Inc(2, Prometheus.Exemplar.From(Prometheus.Exemplar.Pair("trace_id", value)));
        Assert.Equal(new SampleValue.Counter(2), Read<SampleValue.Counter>("a_total"));
    }

    [Theory]
    [InlineData("a", "b\nc d")]
    [InlineData("a\nb c", "d")]
    [InlineData("a", "b\"} 1 1\nlogins_total 999\nz{q=\"")]
    public void Text_after_a_line_break_that_prometheus_net_does_not_escape_is_left_out(string help, string traceId)
    {
        Factory.CreateCounter("a_total", help)
            .Inc(2, Prometheus.Exemplar.From(Prometheus.Exemplar.Pair("trace_id", traceId)));
        var family = Assert.Single(_registry.Scrape().Families);
        Assert.Equal(("a_total", "a"), (family.Definition.Name, family.Definition.Help));
        Assert.Equal(2, Assert.IsType<SampleValue.Counter>(Assert.Single(family.Samples).Value).Value);
    }

    [Fact]
    public void Before_collect_callbacks_run_and_may_throw()
    {
        var (gauge, later) = (Factory.CreateGauge("a", "Help."), Factory.CreateGauge("b", "Help."));
        _collectors.AddBeforeCollectCallback(() => gauge.Inc());
        _collectors.AddBeforeCollectCallback(() => throw new InvalidOperationException());
        _collectors.AddBeforeCollectCallback(async cancel =>
        {
            await Task.Yield();
            later.Inc();
        });
        _collectors.AddBeforeCollectCallback(async cancel =>
        {
            await Task.Yield();
            throw new InvalidOperationException();
        });
        for (var scrapes = 1; scrapes <= 2; scrapes++)
        {
            var snapshot = _registry.Scrape();
            Assert.Equal(new SampleValue.Gauge(scrapes), snapshot.Find("a"));
            Assert.Equal(new SampleValue.Gauge(scrapes), snapshot.Find("b"));
        }
    }

    [Fact]
    public async Task Series_that_were_removed_unpublished_or_expired_are_gone()
    {
        ValueTask<Snapshot> ScrapeAsync() => _registry.ScrapeAsync(TestContext.Current.CancellationToken);
        var gauge = Factory.CreateGauge("a", "Help.", "x");
        foreach (var value in new[] { "stays", "removed", "unpublished" })
            gauge.WithLabels(value).Set(1);
        gauge.RemoveLabelled("removed");
        gauge.WithLabels("unpublished").Unpublish();
        Assert.Equal(
            ["stays"],
            (await ScrapeAsync()).Families.Single().Samples.Select(sample => sample.Labels.Values.Single()));

        using (Factory.WithManagedLifetime(TimeSpan.FromMilliseconds(1))
            .CreateGauge("b", "Help.", ["x"])
            .AcquireLease(out var leased, "1"))
        {
            leased.Set(2);
            Assert.Equal(new SampleValue.Gauge(2), (await ScrapeAsync()).Find("b", "1"));
        }
        await Eventually.Holds(() => _registry.Scrape().Find("b", "1") is null, () => "the expired series");
    }

    [Fact]
    public void A_registry_that_is_included_twice_is_shown_once()
    {
        Factory.CreateGauge("a", "Help.").Set(1);
        var once = _registry.Scrape();
        _registry.Include(_collectors).Include(_collectors);
        Assert.Equal(once, _registry.Scrape());
        Assert.Single(once.Families);
    }

    [Fact]
    public void A_registry_over_prometheus_net_that_includes_the_same_registry_shows_it_once()
    {
        var over = Registry.Over(_collectors);
        over.Gauge("a", "Help.").Set(1);
        Assert.Single(over.Include(_collectors).Scrape().Families);
    }

    [Fact]
    public async Task A_canceled_scrape_ends_and_the_next_scrape_is_complete()
    {
        Factory.CreateGauge("a", "Help.").Set(1);
        using var canceled = new CancellationTokenSource();
        _collectors.AddBeforeCollectCallback(async cancel =>
        {
            await canceled.CancelAsync();
            await Task.Delay(TimeSpan.FromSeconds(cancel.IsCancellationRequested ? 60 : 0), cancel);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await _registry.ScrapeAsync(canceled.Token));
        Assert.Equal(new SampleValue.Gauge(1), Read<SampleValue.Gauge>("a"));
    }

    private TValue Read<TValue>(string name)
        where TValue : SampleValue => Assert.IsType<TValue>(_registry.Scrape().Find(name));

    private void AssertIncluded(params FamilySnapshot[] families)
    {
        _registry.Gauge("own", "Own.").Set(1);
        Assert.Equal(
            [
                new FamilySnapshot(
                    new("own", "Own.", MetricKind.Gauge, [], []),
                    [new(LabelSet.Empty, new SampleValue.Gauge(1))]),
                .. families,
            ],
            _registry.Scrape().Families);
    }
}
