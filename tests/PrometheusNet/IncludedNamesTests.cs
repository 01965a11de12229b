using System.Net;
using Instrumentator.Tests;
using Prometheus;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>A metric name in both registries fails the scrape with an error that gives the name.</summary>
public class IncludedNamesTests
{
    private readonly CollectorRegistry _collectors = new();

    private MetricFactory Factory => Prometheus.Metrics.WithCustomRegistry(_collectors);

    [Fact]
    public void The_same_name_in_both_registries_is_an_error_that_shows_both_definitions()
    {
        var registry = new Registry().Include(_collectors);
        registry.Gauge("jobs", "Ours.", "kind");
        Factory.CreateGauge("jobs", "Theirs.", "queue").WithLabels("a").Set(1);
        Assert.Equal(
            "The name jobs occurs twice in this scrape. Registered: Gauge jobs \"Ours.\" with labels [kind]. Included: "
                + "Gauge jobs \"Theirs.\" with labels [queue]. "
            + "Rename one of them, give it a namespace, or remove it.",
            Assert.Throws<InvalidOperationException>(registry.Scrape).Message);
    }

    [Fact]
    public void Sample_names_of_a_family_clash_whichever_registry_has_the_family()
    {
        AssertClash(
            registry => registry.Summary("x", "Ours."),
            () => Factory.CreateGauge("x_count", "Theirs.").Set(1),
            "x_count");
        AssertClash(
            registry => registry.Gauge("y_bucket", "Ours."),
            () => Factory.CreateHistogram("y", "Theirs.").Observe(1),
            "y_bucket");
        AssertClash(registry => registry.Counter("z", "Ours."), () => Factory.CreateGauge("z", "Theirs.").Set(1), "z");
        AssertClash(
            registry => registry.Gauge("w", "Ours."),
            () => Factory.CreateCounter("w_total", "Theirs.", "x").Unpublish(),
            "w");
    }

    [Fact]
    public void Different_names_do_not_clash()
    {
        var registry = new Registry().Include(_collectors);
        registry.Gauge("x_sum", "Ours.");
        registry.Counter("y", "Ours.");
        Factory.CreateGauge("x_count", "Theirs.");
        Factory.CreateGauge("y_sum", "Theirs.");
        Assert.Equal(4, registry.Scrape().Families.Count);
    }

    [Fact]
    public async Task Our_default_metrics_beside_UseHttpMetrics_fail_the_scrape_with_a_plain_message_and_a_log_entry()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseHttpMetrics(options => options.ConfigureMeasurements(one => one.Registry = _collectors));
            app.UseInstrumentator();
            app.MapInstrumentator();
            app.MapGet("/ping", () => "pong");
        });
        app.Registry.Include(_collectors);
        using var ping = await app.SendAsync("GET", "/ping");
        Assert.Equal(HttpStatusCode.OK, ping.StatusCode);

        using var scrape = await app.SendAsync("GET", "/metrics");
        Assert.Equal(HttpStatusCode.InternalServerError, scrape.StatusCode);
        Assert.Equal(
            "The metrics could not be rendered.\n",
            await scrape.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            [
                "Instrumentator Error 2 The metrics could not be rendered; the response to the scrape was 500. "
                    + "0 earlier failures were not logged: at most one is logged per minute.",
            ],
            app.Log.Of("Instrumentator"));

        var refusal = Assert.Throws<InvalidOperationException>(app.Registry.Scrape);
        Assert.StartsWith(
            "The name http_request_duration_seconds occurs twice in this scrape. Registered: Histogram",
            refusal.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "\"The duration of HTTP requests processed by an ASP.NET Core application.\"",
            refusal.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Our_metrics_are_refused_in_a_registry_that_has_those_of_UseHttpMetrics()
    {
        Factory.CreateCounter(
            "http_requests_received_total",
            "Theirs.",
            "code",
            "method",
            "controller",
            "action",
            "endpoint");
        var refusal = Assert.Throws<InvalidOperationException>(() =>
            new Recorder(Presets.PrometheusNet(Registry.Over(_collectors)), (_, _) => { }));
        Assert.StartsWith(
            "The name http_requests_received_total is taken in prometheus-net's registry. Registered: Counter "
                + "http_requests_received_total \"Theirs.\" with labels [code, method, "
                + "controller, action, endpoint]. Requested: Counter http_requests_received_total \"HTTP requests that "
                + "were answered.\" with labels",
            refusal.Message,
            StringComparison.Ordinal);
        var other = Assert.Throws<InvalidOperationException>(() =>
            Registry.Over(_collectors).Summary("http_requests_received_total", "Ours."));
        Assert.Contains(
            "Registered: a metric http_requests_received_total of another kind. Requested: Summary",
            other.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_metric_of_theirs_under_our_name_but_with_other_labels_fails_the_scrape()
    {
        var registry = Registry.Over(_collectors);
        registry.Histogram("http_request_duration_seconds", "Ours.", [1], "handler", "method")
            .With("/", "GET")
            .Observe(1);
        Assert.Single(registry.Scrape().Families);

        Factory.CreateHistogram("http_request_duration_seconds", "Theirs.", "code", "method")
            .WithLabels("200", "GET")
            .Observe(1);
        var refusal = Assert.Throws<InvalidOperationException>(registry.Scrape);
        Assert.StartsWith(
            "The name http_request_duration_seconds occurs twice in prometheus-net's registry. Ours: Histogram",
            refusal.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "Another: Histogram http_request_duration_seconds with labels [code, method].",
            refusal.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Additional_labels_and_names_of_our_samples_fail_the_scrape_too()
    {
        var registry = Registry.Over(_collectors);
        registry.Counter("a", "Ours.").Increment();
        registry.Summary("b", "Ours.");
        Assert.Equal(2, registry.Scrape().Families.Count);

        Factory.CreateCounter("a_total", "Theirs.", "x").WithLabels("1").Inc();
        Assert.Contains(
            "Another: Counter a_total with labels [x].",
            Assert.Throws<InvalidOperationException>(registry.Scrape).Message,
            StringComparison.Ordinal);

        var others = new CollectorRegistry();
        Registry.Over(others).Summary("b", "Ours.");
        Prometheus.Metrics.WithCustomRegistry(others).CreateGauge("b_count", "Theirs.").Set(1);
        Assert.Contains(
            "Another: Gauge b_count",
            Assert.Throws<InvalidOperationException>(Registry.Over(others).Scrape).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_fails_is_not_a_clash_and_does_not_stop_the_app_from_starting()
    {
        var registry = new Registry().Include(new Failing());
        await using var app = await TestApp.StartAsync(
            app => app.UseInstrumentator(Instrumentation.Default.WithRegistry(registry)));
        Assert.Throws<ObjectDisposedException>(registry.Scrape);
    }

    private sealed class Failing : IMetricCollector
    {
        public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
            throw new ObjectDisposedException("source");
    }

    [Fact]
    public void A_summary_that_an_app_removed_shows_zeros()
    {
        var summary = Registry.Over(_collectors).Summary("a", "Help.", "x").With("1");
        summary.Observe(2);
        Assert.Equal((1, 2), (summary.Count, summary.Sum));
        Factory.CreateSummary("a", "Help.", "x").RemoveLabelled("1");
        Assert.Equal((0, 0), (summary.Count, summary.Sum));
    }

    [Fact]
    public async Task Names_that_clash_at_start_up_stop_the_app_from_starting()
    {
        Factory.CreateGauge("http_requests_in_progress", "Theirs.").Set(1);
        var registry = new Registry().Include(_collectors);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddInstrumentator(Presets.PrometheusNet(registry));
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseInstrumentator();
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            app.StartAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith(
            "The name http_requests_in_progress occurs twice in this scrape.",
            refusal.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_with_the_name_of_a_static_label_is_refused()
    {
        _collectors.SetStaticLabels(new Dictionary<string, string>(StringComparer.Ordinal) { ["method"] = "x" });
        var refusal = Assert.Throws<InvalidConfigException>(
            () => Registry.Over(_collectors).Counter("a", "Help.", "method"));
        Assert.Equal(
            [
                "The label name \"method\" of a_total is that of a static label of prometheus-net's registry: "
                + "use another name.",
            ],
            refusal.Errors);
    }

    [Fact]
    public async Task Two_hosts_may_include_the_same_registry()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        Factory.CreateCounter("orders_total", "Orders taken.").Inc(5);
        foreach (var app in new[] { first, second, first })
        {
            using var scrape = await app.SendAsync("GET", "/metrics");
            Assert.Contains(
                "\norders_total 5\n",
                await scrape.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_scrape_that_the_client_aborts_is_not_an_error()
    {
        await using var app = await StartAsync();
        var (arrived, over) = (new TaskCompletionSource(), new TaskCompletionSource());
        _collectors.AddBeforeCollectCallback(async cancel =>
        {
            arrived.TrySetResult();
            try
            {
                await Task.Delay(
                    arrived.Task.IsCompleted && !over.Task.IsCompleted ? Timeout.InfiniteTimeSpan : TimeSpan.Zero,
                    cancel);
            }
            finally
            {
                over.TrySetResult();
            }
        });
        using var abort = new CancellationTokenSource();
        var scrape = app.Client.GetAsync(new Uri("/metrics", UriKind.Relative), abort.Token);
        await arrived.Task;
        await abort.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scrape);
        await over.Task;

        using var next = await app.SendAsync("GET", "/metrics");
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.Empty(app.Log.Of("Instrumentator"));
    }

    private async Task<TestApp> StartAsync()
    {
        var app = await TestApp.StartAsync(app => app
            .UseInstrumentator()
            .UseRouting()
            .UseEndpoints(endpoints => endpoints.MapInstrumentator()));
        app.Registry.Include(_collectors);
        return app;
    }

    private void AssertClash(Action<Registry> ours, Action theirs, string name)
    {
        var registry = new Registry().Include(_collectors);
        ours(registry);
        theirs();
        var refusal = Assert.Throws<InvalidOperationException>(registry.Scrape);
        Assert.StartsWith(
            $"The name {name} occurs twice in this scrape. Registered: ",
            refusal.Message,
            StringComparison.Ordinal);
        Assert.Contains("\"Ours.\"", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("\"Theirs.\"", refusal.Message, StringComparison.Ordinal);
    }
}
