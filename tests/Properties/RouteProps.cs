namespace Instrumentator.Properties;

/// <summary>The state that a route caches: whether its requests are tracked, and the cells of its requests.</summary>
public class RouteProps
{
    private static readonly Instrumentation _default = Instrumentation.Default;

    // Each kind of metric, some more than once.
    private static readonly (string Name, Func<Registry, Func<Info, Unit>> Make)[] _metrics =
    [
        ("http_requests_total", registry => Metrics.Requests(new() { Registry = registry })),
        ("more_total", registry => Metrics.Requests(new() { Registry = registry, Name = "more_total" })),
        ("http_request_size_bytes", registry => Metrics.RequestSize(new() { Registry = registry })),
        ("http_response_size_bytes", registry => Metrics.ResponseSize(new() { Registry = registry })),
        ("http_combined_size_bytes", registry => Metrics.CombinedSize(new() { Registry = registry })),
        ("a_seconds", registry => Metrics.Latency(new() { Registry = registry, Name = "a_seconds" })),
        ("b_seconds", registry => Metrics.Latency(new() { Registry = registry, Name = "b_seconds" })),
        ("c_seconds", registry => Metrics.Latency(new() { Registry = registry, Name = "c_seconds" })),
    ];

    private static readonly Gen<(long RequestSize, long ResponseSize, long Ticks)> _requests =
        from requestSize in Gen.Elements(0L, 7, (1 << 24) + 1)
        from responseSize in Gen.Elements(0L, 11, 1 << 30)
        from ticks in Gen.Elements(0L, 250, 4_000)
        select (requestSize, responseSize, ticks);

    [Fact]
    public void The_first_ten_requests_that_are_no_errors_are_tracked()
    {
        var route = New().Templated("/");
        for (var i = 0; i < 10; i++)
        {
            Assert.True(route.IsTracked);
            route.Learn(isLongLived: false, 400);
            route.Learn(isLongLived: false, 500);
            Assert.True(route.IsTracked);
            route.Learn(isLongLived: false, 399);
        }
        Assert.False(route.IsTracked);
        route.Learn(isLongLived: false);
        Assert.False(route.IsTracked);
    }

    [Fact]
    public void A_route_that_had_one_long_lived_request_is_tracked_for_ever()
    {
        var route = New().Templated("/");
        for (var i = 0; i < 20; i++)
            route.Learn(isLongLived: false);
        route.Learn(isLongLived: true);
        for (var i = 0; i < 100; i++)
            route.Learn(isLongLived: false);
        Assert.True(route.IsTracked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_route_marked_as_long_lived_is_always_tracked_unless_long_lived_requests_are_off(bool areKeptApart)
    {
        var route = New(it => areKeptApart ? it : it.With(config => config with { LongLived = null }))
            .Templated("/", lifetime: Lifetime.Long);
        for (var i = 0; i < 100; i++)
            route.Learn(isLongLived: i % 2 == 0);
        Assert.Equal(
            (areKeptApart, areKeptApart ? true : null, areKeptApart),
            (route.IsTracked, route.IsLongLived("POST"), route.LongLived is not null));
        Assert.Equal((false, null), (Route.Unmeasured.IsTracked, Route.Unmeasured.LongLived));
    }

    [Fact]
    public void A_route_that_is_marked_as_not_long_lived_is_never_tracked()
    {
        var route = New().Templated("/", lifetime: Lifetime.Short);
        Assert.Equal((false, false), (route.IsTracked, route.IsLongLived("GET")));
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("get", true)]
    [InlineData("CONNECT", true)]
    [InlineData("POST", false)]
    [InlineData("DELETE", false)]
    [InlineData("HEAD", false)]
    [InlineData(null, false)]
    public void The_methods_of_a_connection_tell_which_requests_are_long_lived(string? method, bool isLongLived)
    {
        var route = New().Templated("/", lifetime: Lifetime.ByMethod);
        Assert.Equal((true, isLongLived), (route.IsTracked, route.IsLongLived(method)));
        Assert.Null(New().Templated("/").IsLongLived(method));
    }

    [Property]
    public Property Totals_of_a_route_are_exact_whether_it_is_busy_or_not() =>
        Prop.ForAll(
            Arb.From(
                from chosen in Gen.SubListOf(_metrics)
                from requests in _requests.NonEmptyListOf()
                from before in Gen.Elements(1, 2_000)
                select (Chosen: chosen.ToArray(), Requests: requests, Before: before)),
            one =>
            {
                var registry = new Registry();
                var recorder = New(it => it.WithRegistry(registry).Add(one.Chosen.Aggregate(
                    Metrics.None,
                    (function, metric) => function.Then(metric.Make(registry)))));
                var route = recorder.Templated("/");
                for (var i = 0; i < one.Before; i++)
                    recorder.Record(route, Facts(0, 0, ticks: 0));
                foreach (var (request, response, ticks) in one.Requests)
                    recorder.Record(route, Facts(request, response, ticks));

                foreach (var name in one.Chosen.Select(metric => metric.Name))
                {
                    var sum = name.EndsWith("_total", StringComparison.Ordinal)
                        ? 0
                        : one.Requests.Sum(
                            request => ValueOf(name, request.RequestSize, request.ResponseSize, request.Ticks));
                    Assert.Equal((one.Before + one.Requests.Count, sum), Total(registry, name));
                }
            });

    private static double ValueOf(string name, long request, long response, long ticks) => name switch
    {
        "http_request_size_bytes" => request,
        "http_response_size_bytes" => response,
        "http_combined_size_bytes" => request + response,
        _ => ticks / 1_000.0,
    };

    private static Recorder New(Func<Instrumentation, Instrumentation>? change = null) =>
        new((change ?? (it => it))(_default.WithRegistry(new())), (_, _) => { });

    private static RequestFacts Facts(long requestSize, long responseSize, long ticks) => new()
    {
        Method = "GET",
        StatusCode = 200,
        StartedAt = 0,
        EndedAt = ticks,
        TicksPerSecond = 1_000,
        RequestSize = requestSize,
        ResponseSize = responseSize,
    };

    // A family that is not exposed counts as zero.
    private static (int Count, double Sum) Total(Registry registry, string family)
    {
        (int Count, double Sum)[] values =
        [
            .. registry.Scrape()
                .Families.Where(one => one.Definition.Name == family)
                .SelectMany(one => one.Samples)
                .Select(sample => sample.Value.Match(
                    counter => ((int)counter.Value, 0.0),
                    gauge => (0, gauge.Value),
                    histogram => ((int)histogram.Count, histogram.Sum),
                    summary => ((int)summary.Count, summary.Sum))),
        ];
        return (values.Sum(value => value.Count), values.Sum(value => value.Sum));
    }
}
