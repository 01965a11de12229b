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
    public void Null_is_refused()
    {
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
