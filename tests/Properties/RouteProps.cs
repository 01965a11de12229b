namespace Instrumentator.Properties;

/// <summary>What a route remembers: whether its responses are watched, and the cells of requests that come often.</summary>
public class RouteProps
{
    private static readonly Instrumentation _default = Instrumentation.Default;

    // Each alone, two of a kind, and what has no field of its own among what has one.
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
    public void The_first_ten_responses_that_are_no_errors_are_watched()
    {
        var route = New().Templated("/");
        for (var i = 0; i < 10; i++)
        {
            Assert.True(route.IsWatched);
            route.Learn(isLongLived: false, 400);
            route.Learn(isLongLived: false, 500);
            Assert.True(route.IsWatched);
            route.Learn(isLongLived: false, 399);
        }
        Assert.False(route.IsWatched);
        route.Learn(isLongLived: false);
        Assert.False(route.IsWatched);
    }

    [Fact]
    public void A_route_that_had_one_long_lived_request_is_watched_for_ever()
    {
        var route = New().Templated("/");
        for (var i = 0; i < 20; i++)
            route.Learn(isLongLived: false);
        route.Learn(isLongLived: true);
        for (var i = 0; i < 100; i++)
            route.Learn(isLongLived: false);
        Assert.True(route.IsWatched);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_route_that_says_so_itself_is_watched_for_ever_unless_they_are_requests_like_others(bool areKeptApart)
    {
        var route = New(it => areKeptApart ? it : it.With(config => config with { LongLived = null })).Templated("/", isLongLived: true);
        for (var i = 0; i < 100; i++)
            route.Learn(isLongLived: i % 2 == 0);
        Assert.Equal((areKeptApart, areKeptApart, areKeptApart), (route.IsWatched, route.IsLongLived, route.LongLived is not null));
        Assert.Equal((false, null), (Route.Unmeasured.IsWatched, Route.Unmeasured.LongLived));
    }

    [Fact]
    public void Whatever_is_measured_of_a_route_that_is_busy_or_not_it_is_what_was_there() => Check.Holds(
        from chosen in Gen.SubListOf(_metrics)
        from requests in _requests.NonEmptyListOf()
        from before in Gen.Elements(1, 200)
        select (Chosen: chosen.ToArray(), Requests: requests, Before: before),
        one =>
        {
            var registry = new Registry();
            var recorder = New(it => it.WithRegistry(registry).Add(one.Chosen.Aggregate(Metrics.None, (function, metric) => function.Then(metric.Make(registry)))));
            var route = Plain(recorder);
            for (var i = 0; i < one.Before; i++)
                recorder.Record(route, Facts(0, 0, ticks: 0));
            Assert.Equal(one.Before == 1, route.Expected!.Thread == 0);
            foreach (var (request, response, ticks) in one.Requests)
            {
                var labels = route.Expected!;
                if (ticks % 4_000 != 0)
                    recorder.Record(route, Facts(request, response, ticks));
                else if (!new Likely(recorder, route, labels).TryRecord(ticks / 1_000.0, request, response, ended: 0, TimeProvider.System))
                    recorder.RecordPlain(labels, 200, ticks / 1_000.0, request, response, "no context", null!);
            }

            foreach (var name in one.Chosen.Select(metric => metric.Name))
            {
                var sum = name.EndsWith("_total", StringComparison.Ordinal) ? 0 : one.Requests.Sum(request => ValueOf(name, request.RequestSize, request.ResponseSize, request.Ticks));
                Assert.Equal((one.Before + one.Requests.Count, sum), Total(registry, name));
            }
        });

    [Fact]
    public void What_is_expected_is_what_came_last_until_requests_come_often()
    {
        var recorder = New();
        var route = Plain(recorder);
        Assert.Null(route.Expected);
        foreach (var status in new[] { 200, 404, 200, 500 })
        {
            recorder.Record(route, Facts(0, 0, ticks: 0) with { StatusCode = status });
            Assert.True(route.Expected!.Are("GET", status));
        }
        for (var i = 0; i < 200; i++)
            recorder.Record(route, Facts(0, 0, ticks: 0));
        recorder.Record(route, Facts(0, 0, ticks: 0) with { StatusCode = 404 });
        Assert.True(route.Expected!.Are("GET", 200));
    }

    [Fact]
    public void Uses_that_are_only_noted_make_a_route_busy_too_where_they_come_often_enough()
    {
        var recorder = New();
        var (seldom, often) = (Plain(recorder), Plain(recorder));
        foreach (var route in new[] { seldom, often })
            recorder.Record(route, Facts(0, 0, ticks: 0));
        var (ofSeldom, ofOften) = ((LabelsInUse)seldom.Expected!, (LabelsInUse)often.Expected!);
        for (var i = 1; i < 1_000; i++)
            ofSeldom.Use(i * 11, ticksPerSecond: 1_000);
        for (var i = 1; i < 100; i++)
            ofOften.Use(i * 10, ticksPerSecond: 1_000);
        Assert.Equal((0, true), (seldom.Expected!.Thread, often.Expected!.Thread > 0));
    }

    // While it is not known whether a route has streams, each response is looked at closely.
    [Fact]
    public void Nothing_is_expected_of_the_first_responses()
    {
        var recorder = New();
        var route = recorder.Templated("/");
        for (var i = 0; i < 10; i++)
        {
            recorder.Record(route, Facts(0, 0, ticks: 0));
            Assert.Null(route.Expected);
            route.Learn(isLongLived: false);
        }
        recorder.Record(route, Facts(0, 0, ticks: 0));
        Assert.NotNull(route.Expected);
    }

    private static double ValueOf(string name, long request, long response, long ticks) => name switch
    {
        "http_request_size_bytes" => request,
        "http_response_size_bytes" => response,
        "http_combined_size_bytes" => request + response,
        _ => ticks / 1_000.0,
    };

    // One that is known to have no streams.
    private static Route Plain(Recorder recorder)
    {
        var route = recorder.Templated("/");
        for (var i = 0; i < 10; i++)
            route.Learn(isLongLived: false);
        return route;
    }

    private static Recorder New(Func<Instrumentation, Instrumentation>? change = null) => new((change ?? (it => it))(_default.WithRegistry(new())), (_, _) => { });

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

    // A family that is not shown has nothing to tell.
    private static (int Count, double Sum) Total(Registry registry, string family)
    {
        (int Count, double Sum)[] values = [.. registry.Scrape().Families.Where(one => one.Definition.Name == family).SelectMany(one => one.Samples).Select(sample => sample.Value.Match(
            counter => ((int)counter.Value, 0.0), gauge => (0, gauge.Value), histogram => ((int)histogram.Count, histogram.Sum), summary => ((int)summary.Count, summary.Sum)))];
        return (values.Sum(value => value.Count), values.Sum(value => value.Sum));
    }
}
