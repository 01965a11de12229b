using Instrumentator.Properties.Reference;

namespace Instrumentator.Properties;

/// <summary>Metric functions that an instrumentation runs record the values that the rules define.</summary>
public abstract partial class RegistryContract
{
    private static readonly Action<string, FunctionFailure> _ignore = (_, _) => { };

    // Every duration of these clocks is exact in binary, so sums are exact, too.
    private static Gen<RequestFacts> ExactFacts =>
        from facts in Generators.Facts.Generator
        from response in Gen.Elements<long?>(null, 0, 512, 4_096)
        from end in Gen.Choose(-10, 100_000)
        from sizes in Gen.Two(Gen.OneOf(
            Gen.Elements<long?>(null, -5, 1L << 24, (1L << 24) + 1, 1L << 40),
            Gen.Choose(0, 100_000).Select(size => (long?)size)))
        from controller in Gen.Elements("Orders", "", "\"\\\n")
        select facts with
        {
            StartedAt = 0,
            ResponseStartedAt = response,
            EndedAt = end,
            TicksPerSecond = 1_024,
            RequestSize = sizes.Item1,
            ResponseSize = sizes.Item2,
            RouteValues = string.IsNullOrEmpty(facts.Template) ? null : [("controller", controller)],
        };

    [Property(MaxTest = 100)]
    public Property Any_requests_record_the_default_metrics_that_the_interpreter_predicts() =>
        Prop.ForAll(
            Arb.From(
                from config in Generators.ValidConfigs
                from decimals in Gen.Elements<int?>(null, null, 0, -1)
                from requests in ExactFacts.ListOf()
                select (Config: config with { LatencyDecimals = decimals, InProgress = null }, Requests: requests)),
            one => AssertLeaves(
                registry => new() { Config = one.Config, Registry = registry },
                one.Requests,
                NaiveRequests.DefaultMetrics(
                    NaiveRequests.Infos(one.Requests, one.Config), one.Config.ExcludeStreamingDuration)));

    [Property(MaxTest = 200)]
    public Property Any_composition_of_metrics_records_what_the_interpreter_predicts() =>
        Prop.ForAll(
            Arb.From(
                from expression in Generators.Expressions.Generator
                from requests in ExactFacts.ListOf()
                select (Expression: expression, Requests: requests)),
            one => AssertLeaves(
                registry => new()
                {
                    Registry = registry,
                    Pipeline = one.Expression.Build(
                        function => BuiltInMetric.All[function].Create(registry),
                        condition => info => Expression.Holds(condition, info)),
                },
                one.Requests,
                [
                    .. one.Expression.Leaves()
                        .Select(leaf => new Operation.Register(BuiltInMetric.All[leaf.Function].Definition)),
                    .. NaiveRequests.Infos(one.Requests, Config.Default)
                        .SelectMany(info => Writes(one.Expression, info)),
                ]));

    [Property(MaxTest = 100)]
    public Property With_OnlySuccessInHighResolution_the_high_resolution_histogram_counts_only_2xx() =>
        Prop.ForAll(Arb.From(Generators.Statuses.ListOf()), statuses =>
        {
            var registry = New();
            var instrumentation = Instrumentation.Default
                .WithRegistry(registry)
                .WithDefaultMetrics(new() { OnlySuccessInHighResolution = true });
            var recorder = new Recorder(instrumentation, _ignore);
            foreach (var status in statuses)
                recorder.Record(recorder.Templated("/"), new RequestFacts { StatusCode = status });
            var histogram = (SampleValue.Histogram)registry.Scrape().Find("http_request_duration_highr_seconds")!;
            Assert.Equal(statuses.Count(status => status is >= 200 and <= 299), histogram.Count);
        });

    [Fact]
    public void Threads_that_record_one_route_lose_no_request()
    {
        var registry = New();
        var recorder = new Recorder(Instrumentation.Default.WithRegistry(registry), _ignore);
        var route = recorder.Templated("/items/{id}");
        Threads.Run(4, thread =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                recorder.Record(route, new RequestFacts
                {
                    Method = i % 2 == 0 ? "GET" : "POST",
                    StatusCode = 200 + i % 4 * 100,
                    RequestSize = 3,
                });
            }
        });
        var snapshot = registry.Scrape();
        Assert.All(
            [("GET", "2xx"), ("POST", "3xx"), ("GET", "4xx"), ("POST", "5xx")],
            sent => Assert.Equal(
                new SampleValue.Counter(10_000),
                snapshot.Find("http_requests_total", "/items/{id}", sent.Item1, sent.Item2)));
        Assert.Equal(new SampleValue.Summary(40_000, 120_000), snapshot.Find("http_request_size_bytes", "/items/{id}"));
    }

    [Fact]
    public void Metric_functions_that_throw_are_counted_in_the_registry_of_their_instrumentation()
    {
        var registry = New();
        var instrumentation = Instrumentation.Default.WithRegistry(registry)
            .Add(Metrics.Requests(new() { Registry = registry }))
            .Add(Metrics.From(_ => throw new InvalidOperationException()))
            .Add(Metrics.RequestSize(new() { Registry = registry }));
        var recorder = new Recorder(instrumentation, _ignore);
        for (var i = 0; i < 3; i++)
        {
            recorder.Record(
                recorder.Templated("/"), new RequestFacts { Method = "GET", StatusCode = 200, RequestSize = 2 });
        }

        var snapshot = registry.Scrape();
        var errors = Assert.Single(snapshot.Families, family => family.Definition.Name == FunctionFailures.CounterName);
        Assert.Equal(3, ValueOf(Assert.Single(errors.Samples)));
        Assert.Equal(new SampleValue.Counter(3), snapshot.Find("http_requests_total", "/", "GET", "2xx"));
        Assert.Equal(new SampleValue.Summary(3, 6), snapshot.Find("http_request_size_bytes", "/", "GET", "2xx"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Requests_in_progress_are_counted_and_return_to_0(bool labels)
    {
        var registry = New();
        var config = Config.Default with { InProgress = new() { Labels = labels } };
        var recorder = new Recorder(new() { Config = config, Registry = registry }, _ignore);
        var route = recorder.Templated("/items");
        string[] values = labels ? ["/items", "GET"] : [];
        route.InProgressOf("GET", default)!.Gauge.Increment();
        Assert.Equal(new SampleValue.Gauge(1), registry.Scrape().Find("http_requests_inprogress", values));
        route.InProgressOf("GET", default)!.Gauge.Decrement();
        Threads.Run(4, _ =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                var gauge = route.InProgressOf("get", default)!.Gauge;
                gauge.Increment();
                gauge.Decrement();
            }
        });
        InProgressGauges.Keep(route.InProgressOf("GET", default));
        Assert.Equal(new SampleValue.Gauge(0), registry.Scrape().Find("http_requests_inprogress", values));
        Assert.Null(Route.Unmeasured.InProgressOf("GET", default));
    }

    private void AssertLeaves(
        Func<Registry, Instrumentation> instrumentation,
        IEnumerable<RequestFacts> requests,
        IEnumerable<Operation> expected)
    {
        var (registry, naive) = (New(), NewNaive());
        var recorder = new Recorder(instrumentation(registry), _ignore);
        foreach (var facts in requests)
        {
            var route = string.IsNullOrEmpty(facts.Template)
                ? recorder.Untemplated(facts.Path ?? "")
                : recorder.Templated(facts.Template, facts.RouteValues);
            if (route.IsMeasured)
                recorder.Record(route, facts);
        }
        foreach (var operation in expected)
            naive.Run(operation);
        AssertSame(naive, registry);
    }

    // A metric that occurs twice records once, except under a condition.
    private static IEnumerable<Operation> Writes(Expression expression, Info info) => expression.Leaves()
        .DistinctBy(leaf => leaf.Conditions.Length == 0 ? leaf.Function : new object())
        .Where(leaf => leaf.Conditions.All(condition => Expression.Holds(condition, info)))
        .Select(leaf => BuiltInMetric.All[leaf.Function].Write(info));
}
