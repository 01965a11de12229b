namespace Instrumentator.Properties;

/// <summary>What is asked for before it is used is what is used then. Were it something else, nothing would be wrong but the time that it takes.</summary>
public sealed class PrefetchTests
{
    private readonly Registry _registry = new();

    [Fact]
    public void The_words_of_a_route_lie_together_and_stay_where_they_are()
    {
        var recorder = new Recorder(Instrumentation.Default.WithRegistry(_registry), (_, _) => { });

        // The first one has those of the histogram without labels among its own.
        _ = BusyCells(recorder);
        var cells = BusyCells(recorder);
        var address = cells.Address;
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        var written = WrittenIn(cells);
        Assert.Equal(address, cells.Address);
        Assert.Equal(9, written.Length);
        Assert.Equal(7, written.Count(at => at >= FirstWord(cells) && at < FirstWord(cells) + OwnSeries.UsualBytes));
    }

    [Theory]
    [InlineData(nameof(Metrics.Requests))]
    [InlineData(nameof(Metrics.RequestSize))]
    [InlineData(nameof(Metrics.ResponseSize))]
    [InlineData(nameof(Metrics.CombinedSize))]
    [InlineData(nameof(Metrics.Latency))]
    public void Whatever_is_measured_begins_where_it_is_asked_for(string metric)
    {
        Func<Info, Unit> function = metric switch
        {
            nameof(Metrics.Requests) => Metrics.Requests(new() { Registry = _registry }),
            nameof(Metrics.RequestSize) => Metrics.RequestSize(new() { Registry = _registry }),
            nameof(Metrics.ResponseSize) => Metrics.ResponseSize(new() { Registry = _registry }),
            nameof(Metrics.CombinedSize) => Metrics.CombinedSize(new() { Registry = _registry }),
            _ => Metrics.Latency(new() { Registry = _registry }),
        };
        var cells = BusyCells(new Recorder(Instrumentation.Default.WithRegistry(_registry).Add(function), (_, _) => { }));
        Assert.InRange(WrittenIn(cells).Min() - FirstWord(cells), 0, 8);
    }

    [Fact]
    public void Objects_are_as_large_as_they_are_said_to_be()
    {
        Assert.Equal(CounterCell.Bytes, SizeOf(new CounterCell()));
        Assert.Equal(SummaryCell.Bytes, SizeOf(new SummaryCell()));
    }

    // From the pointer to its type on, which is where references lead to.
    private static int SizeOf(object one) => RawObject.Bytes(one).Length + 8;

    private static OwnSeriesCells BusyCells(Recorder recorder)
    {
        var route = recorder.Templated($"/{Guid.NewGuid()}");
        for (var i = 0; i < 10; i++)
            route.Learn(isLongLived: false);
        for (var i = 0; i < 300; i++)
            recorder.Record(route, new RequestFacts { Method = "GET", StatusCode = 200, StartedAt = i, EndedAt = i + 1, TicksPerSecond = 1_000_000, RequestSize = 7, ResponseSize = 11 });
        return (OwnSeriesCells)recorder.UsualCellsOf(route.Expected)!;
    }

    private static long FirstWord(OwnSeriesCells cells) => cells.Address + (OwnSeries.Length * sizeof(long));

    private static long[] WrittenIn(OwnSeriesCells cells) => [.. WrittenWord.By(() => cells.Record(0.000_001, 7, 11), HeapGraph.From(cells)).Select(word => word.Address)];
}
