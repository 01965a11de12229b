namespace Instrumentator.Tests;

/// <summary>Gauges that another library keeps, and families that it shows: what is wrong with them never reaches a
/// request.</summary>
public sealed class BackendTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_gauge_that_throws_does_not_fail_the_request_and_is_counted(bool whenMade)
    {
        var registry = new Registry(new ThrowingBackend(whenMade));
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapGet("/x", () => "x");
                app.MapGet("/poll", () => "changed").AsLongLived();
            },
            it => it.WithRegistry(registry).With(config => config with { InProgress = new() { Labels = true } }));

        Assert.True((await app.SendAsync("GET", "/x")).IsSuccessStatusCode);
        Assert.True((await app.SendAsync("GET", "/poll")).IsSuccessStatusCode);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await app.SendAsync("GET", "/nowhere")).StatusCode);

        var scrape = await registry.ScrapeAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new SampleValue.Counter(1), scrape.Find("http_requests_total", "/x", "GET", "2xx"));
        Assert.Equal(new SampleValue.Counter(1), scrape.Find("http_requests_total", "/poll", "GET", "2xx"));
        Assert.NotNull(scrape.Find("instrumentator_metric_function_errors_total", "InProgress"));
        Assert.NotNull(scrape.Find("instrumentator_metric_function_errors_total", "LongLived"));
        Assert.NotEmpty(app.Log.Of("Instrumentator Error 1"));
    }

    [Theory]
    [InlineData("http_long_lived_requests_inprogress")]
    [InlineData("instrumentator_metric_function_errors_total")]
    public async Task A_collector_that_conflicts_with_a_metric_registered_later_fails_at_startup(string name)
    {
        var kind = name.EndsWith("_total", StringComparison.Ordinal) ? MetricKind.Counter : MetricKind.Gauge;
        var source = new Source(new FamilyDefinition(name, "Theirs.", kind, [], []));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TestApp.StartAsync(
            app => app.UseInstrumentator(), it => it.WithRegistry(new Registry().Include(source))));

        Assert.Contains("Theirs.", error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    private sealed class Source(FamilyDefinition definition) : IMetricCollector
    {
        public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
            new([new FamilySnapshot(definition, [])]);
    }

    private sealed class ThrowingBackend(bool whenMade) : IMetricBackend
    {
        private readonly Registry _cells = new();

        public Func<IReadOnlyList<string>, Counter> CreateCounter(FamilyDefinition definition) =>
            Of(_cells.Counter(definition.Name, definition.Help, [.. definition.LabelNames]));

        public Func<IReadOnlyList<string>, Gauge> CreateGauge(FamilyDefinition definition) =>
            _ => whenMade ? throw new InvalidOperationException("no gauge") : new ThrowingGauge();

        public Func<IReadOnlyList<string>, Histogram> CreateHistogram(FamilyDefinition definition) =>
            Of(_cells.Histogram(definition.Name, definition.Help, definition.Buckets, [.. definition.LabelNames]));

        public Func<IReadOnlyList<string>, Summary> CreateSummary(FamilyDefinition definition) =>
            Of(_cells.Summary(definition.Name, definition.Help, [.. definition.LabelNames]));

        public async ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
            (await _cells.ScrapeAsync(cancellationToken)).Families;

        private static Func<IReadOnlyList<string>, TCell> Of<TCell>(Family<TCell> family)
            where TCell : Cell => values => family.With([.. values]);
    }

    private sealed class ThrowingGauge : Gauge
    {
        public override double Value => 0;

        public override void Set(double value) => throw new InvalidOperationException("no number");

        public override void Add(double amount) => throw new InvalidOperationException("no number");
    }
}
