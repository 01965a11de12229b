using Microsoft.AspNetCore.Http;

namespace Instrumentator.Properties;

/// <summary>The cells that are remembered for an endpoint: they are those that its route leads to, or none.</summary>
/// <remarks>The collector may move an endpoint at any time, and then it is not found until it is kept again: so what has to be found is tried again.</remarks>
public sealed class EndpointCellsTests
{
    private readonly Recorder _recorder = New();

    [Theory]
    [InlineData(1, false)]
    [InlineData(300, true)]
    public void They_are_those_of_the_route(int requests, bool areOwn)
    {
        var (cells, route, endpoint) = Recorded(requests);
        Assert.Null(Found(cells, endpoint));
        var found = Kept(cells, endpoint, route);
        Assert.Equal(areOwn, found is OwnSeriesCells);
        Assert.Same(_recorder.UsualCellsOf(route.Expected), found);
        Assert.Null(Found(cells, NewEndpoint()));
    }

    // Requests that are found by the cells of all are noted there, and nowhere else.
    [Theory]
    [InlineData(10, false)]
    [InlineData(11, true)]
    public void Those_of_all_threads_are_found_no_more_once_requests_come_often(long ticks, bool areSeldom)
    {
        var (cells, route, endpoint) = Recorded(1);
        var shared = (SharedSeriesCells)Kept(cells, endpoint, route);
        for (var i = 0; i < 100; i++)
            Assert.True(new LikelyShared(shared).TryRecord(0, 0, 0, ended: i * ticks, new Milliseconds()));
        Assert.Equal(areSeldom, Found(cells, endpoint) is not null || IsKept());

        // From the next one on.
        _recorder.Record(route, Facts());
        Assert.Equal(areSeldom, Kept(cells, endpoint, route) is SharedSeriesCells);

        // It may have been moved in between.
        bool IsKept()
        {
            cells.Keep(endpoint, route);
            return Found(cells, endpoint) is not null;
        }
    }

    [Fact]
    public void Those_of_another_thread_are_never_found()
    {
        var (cells, route, endpoint) = Recorded(300);
        Again(() =>
        {
            FoundCells? ofOther = null;
            cells.Keep(endpoint, route);
            var other = new Thread(() => ofOther = Found(cells, endpoint));
            other.Start();
            other.Join();
            Assert.Null(ofOther);
            return Found(cells, endpoint) is OwnSeriesCells;
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    public void A_route_that_turns_out_to_have_streams_is_found_no_more_nor_kept(int requests)
    {
        var (cells, route, endpoint) = Recorded(requests);
        var (other, otherEndpoint) = (Recorded(requests).Route, NewEndpoint());
        cells.Keep(endpoint, route);
        route.Learn(isLongLived: true);
        Assert.Null(Found(cells, endpoint));
        cells.Keep(endpoint, route);
        Assert.Null(Found(cells, endpoint));

        // It is known by now: nothing else is forgotten for it.
        Again(() =>
        {
            cells.Keep(otherEndpoint, other);
            route.Learn(isLongLived: true);
            Assert.Null(Found(cells, endpoint));
            return Found(cells, otherEndpoint) is not null;
        });
    }

    [Fact]
    public void A_route_whose_responses_are_still_watched_is_not_kept()
    {
        var (cells, route, endpoint) = (new EndpointCells(_recorder), _recorder.Templated("/"), NewEndpoint());
        for (var i = 0; i < 300; i++)
            _recorder.Record(route, Facts());
        Assert.NotNull(route.Expected);
        cells.Keep(endpoint, route);
        Assert.Null(Found(cells, endpoint));
    }

    [Fact]
    public void What_came_last_takes_the_place_of_what_came_before()
    {
        var (cells, route, endpoint) = Recorded(1);
        var first = Kept(cells, endpoint, route);
        _recorder.Record(route, Facts() with { StatusCode = 404 });
        Assert.True((Found(cells, endpoint) ?? first).Labels!.Are("GET", 200));
        Assert.True(Kept(cells, endpoint, route).Labels!.Are("GET", 404));
    }

    // Before the first such request nobody knows the cells; and a function may do anything.
    [Fact]
    public void Nothing_is_kept_where_the_cells_are_not_all_that_has_to_be_known()
    {
        var recorder = New(it => it.Add(Metrics.Default(new() { Registry = it.Registry })).Add(Metrics.From(_ => { })));
        var (cells, route, endpoint) = (new EndpointCells(recorder), Plain(recorder), NewEndpoint());
        cells.Keep(endpoint, route);
        for (var i = 0; i < 300; i++)
            recorder.Record(route, Facts());
        cells.Keep(endpoint, route);
        Assert.Null(Found(cells, endpoint));
    }

    [Theory]
    [InlineData(1, EndpointRoutes.MostEndpoints)]
    [InlineData(300, EndpointCells.MostOwn)]
    public void Endpoints_without_end_are_remembered_up_to_a_limit(int requests, int most)
    {
        var (cells, route, endpoint) = Recorded(requests);
        cells.Keep(endpoint, route);
        WeakReference[] kept = [.. Enumerable.Range(0, (2 * most) + 10).Select(_ => KeepOne(cells, route))];
        GC.Collect();
        Assert.InRange(kept.Count(one => one.IsAlive), 1, most);
        Assert.Null(Found(cells, endpoint));
        Assert.NotNull(Kept(cells, endpoint, route));
    }

    // So many that they are asked for before they are read.
    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    public void Those_of_each_of_many_endpoints_are_found(int requests)
    {
        var (cells, route, _) = Recorded(requests);
        var other = Recorded(requests).Route;
        Assert.False(cells.AreFar);
        Endpoint[] endpoints = [.. Enumerable.Range(0, 10_000).Select(_ => NewEndpoint())];
        for (var i = 0; i < endpoints.Length; i++)
            cells.Keep(endpoints[i], RouteOf(i));
        Assert.True(cells.AreFar);
        Assert.All(endpoints, (endpoint, i) => Assert.Same(_recorder.UsualCellsOf(RouteOf(i).Expected), Kept(cells, endpoint, RouteOf(i))));
        Again(() =>
        {
            cells.Keep(endpoints[0], route);
            return Found(cells, endpoints[0]) is not null;
        });

        Route RouteOf(int endpoint) => endpoint % 2 == 0 ? route : other;
    }

    private static FoundCells Kept(EndpointCells cells, Endpoint endpoint, Route route)
    {
        FoundCells? found = null;
        Again(() =>
        {
            cells.Keep(endpoint, route);
            return (found = Found(cells, endpoint)) is not null;
        });
        return found!;
    }

    private static void Again(Func<bool> isFound) => Assert.Contains(true, Enumerable.Range(0, 100).Select(_ => isFound()));

    // What is asked for before does not matter.
    private static FoundCells? Found(EndpointCells cells, Endpoint endpoint)
    {
        cells.Bring(endpoint);
        var found = cells.Find(endpoint, out var address);
        Assert.Equal(found.Own?.Address ?? 0, address);
        return (FoundCells?)found.Own ?? found.Shared;
    }

    private static WeakReference KeepOne(EndpointCells cells, Route route)
    {
        var endpoint = NewEndpoint();
        cells.Keep(endpoint, route);
        return new WeakReference(endpoint);
    }

    private (EndpointCells Cells, Route Route, Endpoint Endpoint) Recorded(int requests)
    {
        var route = Plain(_recorder);
        for (var i = 0; i < requests; i++)
            _recorder.Record(route, Facts());
        return (new EndpointCells(_recorder), route, NewEndpoint());
    }

    private static Recorder New(Func<Instrumentation, Instrumentation>? change = null) => new((change ?? (it => it))(Instrumentation.Default.WithRegistry(new())), (_, _) => { });

    // One that is known to have no streams.
    private static Route Plain(Recorder recorder)
    {
        var route = recorder.Templated("/");
        for (var i = 0; i < 10; i++)
            route.Learn(isLongLived: false);
        return route;
    }

    private static Endpoint NewEndpoint() => new(_ => Task.CompletedTask, EndpointMetadataCollection.Empty, "one");

    private static RequestFacts Facts() => new() { Method = "GET", StatusCode = 200, StartedAt = 0, EndedAt = 1, TicksPerSecond = 1_000 };

    private sealed class Milliseconds : TimeProvider
    {
        public override long TimestampFrequency => 1_000;
    }
}
