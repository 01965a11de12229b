using System.Buffers;
using Instrumentator.Properties.Reference;
using Instrumentator.Testing;

namespace Instrumentator.Properties;

/// <summary>The start time of a series, from which a reader learns that it grew from 0.</summary>
public class CreatedTests
{
    private static readonly ExpositionFormat _withCreated = ExpositionFormat.OpenMetrics.WithCreatedSamples();

    [Fact]
    public async Task Each_counter_histogram_and_summary_knows_when_it_began()
    {
        var registry = new Registry();
        var before = TimeProvider.System.GetUtcNow();
        registry.Counter("a", "A.").Increment();
        registry.Counter("b", "B.", "x").With("1").Increment();
        registry.Histogram("c", "C.", [1]).Observe(1);
        registry.Histogram("d", "D.", new HistogramOptions { Native = new() }).Observe(1);
        registry.Summary("e", "E.").Observe(1);
        registry.Gauge("f", "F.").Set(1);
        var after = TimeProvider.System.GetUtcNow();

        var scrape = await registry.ScrapeAsync(TestContext.Current.CancellationToken);
        var samples = scrape.Families.SelectMany(family => family.Samples).ToArray();
        Assert.Null(samples[^1].Created);
        Assert.All(samples[..^1], sample => Assert.InRange(sample.Created ?? 0, Floor(before), Seconds(after)));

        // All formats have the same times, in each scrape.
        var read = ProtobufReader.Read(await BytesOf(ExpositionFormat.Protobuf, registry));
        Assert.Equal(
            samples.Select(sample => sample.Created),
            read.SelectMany(family => family.Metrics).Select(metric => metric.Created));
        Assert.Equal(
            samples.SkipLast(1).Select(sample => sample.Created),
            ParsedScrape.OpenMetrics(_withCreated.ToText(scrape)).Families
                .SelectMany(family => family.Samples)
                .Where(sample => sample.Name.EndsWith("_created", StringComparison.Ordinal))
                .Select(sample => (double?)sample.Value));
    }

    [Fact]
    public async Task A_series_that_comes_later_began_later()
    {
        var registry = new Registry();
        var orders = registry.Counter("orders", "Orders.", "country");
        orders.With("AT").Increment();
        await Task.Delay(TimeSpan.FromMilliseconds(2), TestContext.Current.CancellationToken);
        orders.With("DE").Increment();
        orders.With("AT").Increment();

        var scrape = await registry.ScrapeAsync(TestContext.Current.CancellationToken);
        var samples = scrape.Families.Single().Samples;
        Assert.True(samples[0].Created < samples[1].Created);
    }

    [Fact]
    public void The_same_observations_are_equal_whenever_they_began()
    {
        var sample = new Sample(LabelSet.Empty, new SampleValue.Counter(1));
        var later = sample with { Created = 5 };
        Assert.Equal(sample, later);
        Assert.Equal(sample.GetHashCode(), later.GetHashCode());
        Assert.NotEqual(sample, later with { Value = new SampleValue.Counter(2) });
        Assert.NotEqual(sample, sample with { Labels = new(["a"], ["b"]) });
    }

    [Fact]
    public void The_start_follows_the_other_lines_of_its_series()
    {
        var snapshot = new Snapshot(
        [
            Of(MetricKind.Counter, "orders_total", new SampleValue.Counter(1)),
            Of(MetricKind.Histogram, "wait_seconds", new SampleValue.Histogram([0, 1], 2)),
            Of(MetricKind.Summary, "size_bytes", new SampleValue.Summary(1, 3) { Quantiles = [new(0.5, 3)] }),
            Of(MetricKind.Counter, "jobs", new SampleValue.Counter(1)),
            Of(MetricKind.Gauge, "queue", new SampleValue.Gauge(1)),
        ]);
        Assert.Equal(
            """
            # TYPE orders counter
            # HELP orders Help.
            orders_total{x="1"} 1
            orders_created{x="1"} 1700000000.25
            # TYPE wait_seconds histogram
            # UNIT wait_seconds seconds
            # HELP wait_seconds Help.
            wait_seconds_bucket{x="1",le="1.0"} 0
            wait_seconds_bucket{x="1",le="+Inf"} 1
            wait_seconds_count{x="1"} 1
            wait_seconds_sum{x="1"} 2
            wait_seconds_created{x="1"} 1700000000.25
            # TYPE size_bytes summary
            # UNIT size_bytes bytes
            # HELP size_bytes Help.
            size_bytes{x="1",quantile="0.5"} 3
            size_bytes_count{x="1"} 1
            size_bytes_sum{x="1"} 3
            size_bytes_created{x="1"} 1700000000.25
            # TYPE jobs unknown
            # HELP jobs Help.
            jobs{x="1"} 1
            # TYPE queue gauge
            # HELP queue Help.
            queue{x="1"} 1
            # EOF

            """.ReplaceLineEndings("\n"),
            _withCreated.ToText(snapshot));
    }

    [Fact]
    public void Only_OpenMetrics_has_two_variants()
    {
        foreach (var format in ExpositionFormat.All)
        {
            foreach (var escaping in Enum.GetValues<NameEscaping>())
            {
                var one = format.With(escaping);
                var other = one.WithCreatedSamples();
                Assert.Equal(one.ContentType, other.ContentType);
                Assert.Equal(one.Escaping, other.Escaping);
                Assert.Equal(format == ExpositionFormat.OpenMetrics, one != other);
                Assert.Same(other, format.WithCreatedSamples().With(escaping));
                Assert.Same(other, other.WithCreatedSamples());
            }
        }
        Assert.NotSame(ExpositionFormat.OpenMetrics, _withCreated);
    }

    [Fact]
    public void A_name_that_a_reader_does_not_support_is_escaped_in_the_start_as_well()
    {
        var registry = new Registry { AllowUtf8Names = true };
        registry.Counter("http.requests", "Requests.", "http.route").With("/").Increment();
        var text = _withCreated.With(NameEscaping.Dots).ToText(registry.Scrape());
        Assert.Contains("\nhttp_dot_requests__created{http_dot_route=\"/\"} 1", text, StringComparison.Ordinal);
        text = _withCreated.With(NameEscaping.AllowUtf8).ToText(registry.Scrape());
        Assert.Contains("\n{\"http.requests_created\",\"http.route\"=\"/\"} 1", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a_created", true)]
    [InlineData("b_created", false)]
    public void A_collector_cannot_have_the_name_of_a_start_twice(string gauge, bool clashes)
    {
        var counter = new FamilySnapshot(
            new("a_total", "A.", MetricKind.Counter, [], []),
            [new(LabelSet.Empty, new SampleValue.Counter(1)) { Created = 5 }]);
        var other = new FamilySnapshot(
            new(gauge, "B.", MetricKind.Gauge, [], []), [new(LabelSet.Empty, new SampleValue.Gauge(1))]);
        var registry = new Registry().Include(new Families([counter, other]));
        var error = Record.Exception(registry.Scrape);
        Assert.Equal(clashes, error is InvalidOperationException);
        Assert.Equal(clashes, error?.Message.Contains("have the name a_created", StringComparison.Ordinal) is true);
    }

    private static FamilySnapshot Of(MetricKind kind, string name, SampleValue value) => new(
        new(name, "Help.", kind, ["x"], kind == MetricKind.Histogram ? [1] : []),
        [new(new LabelSet(["x"], ["1"]), value) { Created = 1_700_000_000.25 }]);

    private static async Task<byte[]> BytesOf(ExpositionFormat format, Registry registry)
    {
        var output = new ArrayBufferWriter<byte>();
        await format.WriteAsync(registry, output, TestContext.Current.CancellationToken);
        return output.WrittenSpan.ToArray();
    }

    // Start times are whole microseconds.
    private static double Floor(DateTimeOffset time) => Math.Floor(Seconds(time) * 1e6) / 1e6;

    private static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    private sealed class Families(ValueList<FamilySnapshot> families) : IMetricCollector
    {
        public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(families);
    }
}
