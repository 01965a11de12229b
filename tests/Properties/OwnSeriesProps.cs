namespace Instrumentator.Properties;

/// <summary>What one thread records requests in, by where it is: the words there tell what the objects tell that they were made of.</summary>
public sealed class OwnSeriesProps
{
    private const int Requests = 300;

    // A text that reads like a method is none: it takes the long way, and is counted there.
    private static readonly Gen<(string Label, string Sent, StatusRange Usual, int Status)> _requests =
        from label in Gen.Elements("GET", "POST", "QUERY", "_OTHER", "PURGE")
        from sent in Gen.Elements("GET", "POST", "QUERY", "_OTHER", "PURGE", "get", new string("GET".AsSpan()))
        from usual in Gen.Elements(default, new StatusRange(200, 100), new StatusRange(404, 1), new StatusRange(100, 500))
        from status in Generators.Statuses
        select (label, sent, usual, status);

    [Fact]
    public void It_knows_its_requests_as_its_labels_do() =>
        Check.Holds(_requests, given =>
        {
            var labels = new RequestLabels("/", given.Label, "2xx", [], usual: given.Usual);
            var isKnown = new[] { "GET", "POST", "QUERY" }.Contains(given.Label, StringComparer.Ordinal);
            Assert.Equal(isKnown && labels.Are(given.Sent, given.Status), OwnSeries.At(Cells(labels).Address).Are(given.Sent, given.Status));
        });

    [Fact]
    public void Where_nobody_asks_for_labels_it_has_no_requests() => Assert.False(OwnSeries.At(Cells(labels: null).Address).Are("GET", 200));

    // The number of bounds has a place of 16 bits; more of them take another way to the same counts.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(NumberedAddress.Limit - 1)]
    [InlineData(NumberedAddress.Limit)]
    [InlineData(NumberedAddress.Limit + 3)]
    public void Histograms_of_any_width_are_counted(int bounds)
    {
        var registry = new Registry();
        var latency = Metrics.Latency(new() { Registry = registry, Buckets = [.. Enumerable.Range(1, bounds).Select(second => (double)second)] });
        var recorder = new Recorder(Instrumentation.Default.WithRegistry(registry).Add(latency), (_, _) => { });
        var route = recorder.Templated("/");
        for (var i = 0; i < Requests; i++)
            recorder.Record(route, Taking(i % 2 == 0 ? 1 : bounds));
        Assert.Equal(bounds < NumberedAddress.Limit, recorder.UsualCellsOf(route.Expected) is OwnSeriesCells);
        var read = Assert.IsType<SampleValue.Histogram>(registry.Scrape().Find("http_request_duration_seconds", "/", "GET", "2xx"));
        Assert.Equal((Requests, Requests / 2 * (1.0 + bounds)), (read.Count, read.Sum));
        Assert.Equal(bounds == 1 ? [Requests] : [Requests / 2, Requests / 2], read.Counts.Where(count => count > 0));
        Assert.Equal(read.Counts[0], read.Counts[bounds - 1]);
    }

    [Fact]
    public void An_address_and_a_number_come_back_out_of_one_word() =>
        Check.Holds(Gen.Zip(Generators.Longs, Gen.Choose(0, NumberedAddress.Limit - 1)), given =>
        {
            var address = (nint)(given.Item1 & 0x0000_FFFF_FFFF_FFFF);
            var both = new NumberedAddress(address, given.Item2);
            Assert.Equal((address, given.Item2), (both.Address, both.Number));
        });

    [Fact]
    public void Bounds_stay_where_they_are_while_the_collector_moves_others()
    {
        // What is thrown away between them makes room to move to.
        UpperBounds[] bounds = [.. Enumerable.Range(0, 1_000).Select(size => new UpperBounds([new byte[size].Length]))];
        nint[] places = [.. bounds.Select(one => one.Place.Address)];
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        Assert.Equal(places, bounds.Select(one => one.Place.Address));
    }

    [Fact]
    public void A_value_belongs_to_the_first_bound_that_is_not_below() =>
        Check.Holds(Gen.Zip(Generators.SpecialDoubles.ListOf(), Generators.SpecialDoubles), given =>
        {
            double[] bounds = [.. given.Item1.Where(double.IsFinite).Distinct().Order()];
            var upper = new UpperBounds(bounds);
            var place = upper.Place;
            var expected = bounds.Count(bound => !(given.Item2 <= bound));
            Assert.Equal(expected, upper.BucketOf(given.Item2));
            Assert.Equal(bounds, UpperBounds.At(place).ToArray());
            Assert.Equal((bounds.Length, place.Address), (upper.Count, upper.Place.Address));
        });

    // All end at once, so they come often.
    private static RequestFacts Taking(int seconds) => new() { Method = "GET", StatusCode = 200, StartedAt = -seconds, EndedAt = 0, TicksPerSecond = 1 };

    private static OwnSeriesCells Cells(RequestLabels? labels) => new([], labels, Page.Take(OwnSeries.Length));
}
