namespace Instrumentator.Properties;

/// <summary>Which metric functions an instrumentation runs.</summary>
public class InstrumentationTests
{
    private static readonly string[] _defaults =
    [
        "http_requests_total", "http_request_size_bytes", "http_response_size_bytes",
        "http_request_duration_highr_seconds", "http_request_duration_seconds"
    ];

    [Fact]
    public void The_first_added_function_replaces_the_default_metrics_unless_they_are_kept()
    {
        Assert.Equal(_defaults, Names(it => it));
        Assert.Equal(_defaults, Names(it => it.Add(Metrics.None)));
        Assert.Equal(["a_total"], Names(it => it.Add(Counter("a"))));
        Assert.Equal([], Names(it => it with { Pipeline = Metrics.None }));
        Assert.Equal([.. _defaults, "a_total"], Names(it => it.AndAlso(Counter("a"))));
        Assert.Equal([.. _defaults, "a_total", "b_total"], Names(it => it.AndAlso(Counter("a")).Add(Counter("b"))));
        Assert.Equal(["a_total", "b_total"], Names(it => it.Add(Counter("a")).AndAlso(Counter("b"))));
        Assert.Equal(_defaults, Names(it => it.AndAlso(Metrics.None)));
        Assert.Equal(_defaults, Names(it => it.AndAlso(Metrics.Default())));
    }

    [Fact]
    public void WithMetrics_replaces_all_functions_but_the_asynchronous_ones()
    {
        Assert.Equal(["b_total"], Names(it => it.AndAlso(Counter("a")).WithMetrics(Counter("b"))));
        Assert.Equal(["b_total"], Names(it => it.Add(Counter("a")).WithMetrics(Counter("b"))));
        Assert.Equal(["b_total", "c_total"], Names(it => it.WithMetrics(Counter("b")).AndAlso(Counter("c"))));
        Assert.Equal([], Names(it => it.WithMetrics(Metrics.None)));
        Assert.Single(Instrumentation.Default.AddAsync(_ => default).WithMetrics(Counter("b")).AsyncPipeline);
    }

    [Fact]
    public void Kept_default_metrics_follow_their_options_whenever_those_are_set() => Assert.Equal(
        [.. _defaults.Select(name => "shop_" + name), "a_total"],
        Names(it => it.AndAlso(Counter("a")).WithDefaultMetrics(new() { Namespace = "shop" })));

    [Fact]
    public void Errors_of_kept_default_metrics_are_reported_and_those_of_replaced_ones_are_not()
    {
        var invalid = Instrumentation.Default.WithDefaultMetrics(new() { Namespace = "a b" });
        Assert.Single(invalid.Validate());
        Assert.Single(invalid.AndAlso(Counter("a")).Validate());
        Assert.Empty(invalid.Add(Counter("a")).Validate());
    }

    [Fact]
    public void The_registry_gets_limits_of_series_when_the_app_starts()
    {
        var registry = new Registry();
        var limited = Instrumentation.Default
            .LimitSeries("http_requests_total", 9)
            .LimitSeries("a_total", 1)
            .LimitSeries("http_requests_total", 1)
            .WithRegistry(registry);
        var own = registry.Counter("a_total", "A.", "a");

        _ = new Recorder(limited, (_, _) => { });
        foreach (var value in new[] { "1", "2" })
            own.With(value).Increment();

        Assert.Equal([new("a_total", 1), new("http_requests_total", 1)], limited.SeriesLimits);
        Assert.Contains("a_total{a=\"_overflow\"} 1", registry.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_limits_of_series_are_errors_that_name_the_way_out() => Assert.Equal(
        [
            "SeriesLimits contains a limit without the name of a metric. Specify or remove it.",
            "SeriesLimits has the limit 0 for \"a\", but it must be 1 or more. "
                + "To have the limit of the registry, remove it.",
            "SeriesLimits contains instrumentator_series_dropped_total, which has no limit itself. "
                + "Limit the other metrics.",
        ],
        Instrumentation.Default
            .LimitSeries(" ", 1)
            .LimitSeries("a", 0)
            .LimitSeries("instrumentator_series_dropped_total", 1)
            .Validate());

    [Fact]
    public void Null_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => Instrumentation.Default.LimitSeries(null!, 1));
        Assert.Throws<ArgumentNullException>(() => Instrumentation.Default.AndAlso(null!));
        Assert.Throws<ArgumentNullException>(() => Instrumentation.Default.WithMetrics(null!));
    }

    private static Func<Info, Unit> Counter(string name) => Metrics.Requests(new() { Name = name });

    private static string[] Names(Func<Instrumentation, Instrumentation> change)
    {
        var registry = new Registry();
        _ = new Recorder(change(Instrumentation.Default.WithRegistry(registry)), (_, _) => { });
        return [.. registry.Scrape().Families.Select(family => family.Definition.Name)];
    }
}
