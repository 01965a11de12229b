using Instrumentator.Shared;

namespace Instrumentator.EndToEnd;

/// <summary>The series that a Prometheus server reads from protobuf: native histograms and all other metric
/// types.</summary>
public sealed class NativePrometheusTests(ObservedApp app)
{
    private static readonly double[] _ranks = [0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1];

    public static TheoryData<string> Names => [.. Observations.All.Select(one => one.Name)];

    [Fact]
    public async Task Prometheus_prefers_protobuf()
    {
        await app.NativePrometheusAsync();

        Assert.Contains(
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,"
                + "application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,"
                + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            app.Accepted);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_quantile_estimate_is_within_one_bucket_width_of_the_true_quantile(string name)
    {
        var (known, schema) = Find(name);
        var prometheus = await app.NativePrometheusAsync();

        foreach (var rank in _ranks)
        {
            AssertClose(
                known,
                schema,
                rank,
                await prometheus.ValueAsync(FormattableString.Invariant($"histogram_quantile({rank}, {name})")));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Count_sum_and_each_bucket_match_the_observations(string name)
    {
        var (known, _) = Find(name);
        var prometheus = await app.NativePrometheusAsync();

        Assert.Equal(known.Values.Length, await prometheus.ValueAsync($"histogram_count({name})"));
        Assert.Equal(HistogramOf(name).Sum, await prometheus.ValueAsync($"histogram_sum({name})"));
        Assert.Equal(known.Values.Sum(), HistogramOf(name).Sum, tolerance: 1e-9 * known.Values.Sum(Math.Abs));
        var histogram = await prometheus.HistogramAsync(name);
        Assert.Equal((known.Values.Length, HistogramOf(name).Sum), (histogram.Count, histogram.Sum));
        Assert.Equal(known.Values.Length, histogram.Buckets.Sum(bucket => bucket.Count));
        Assert.All(
            histogram.Buckets,
            bucket =>
                Assert.Equal(known.Values.Count(value => value >= bucket.Low && value <= bucket.High), bucket.Count));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Bucket_widths_match_the_schema(string name)
    {
        var (known, schema) = Find(name);
        var prometheus = await app.NativePrometheusAsync();

        var buckets = (await prometheus.HistogramAsync(name)).Buckets.Where(bucket => !IsZero(bucket)).ToArray();

        Assert.All(
            buckets,
            bucket =>
                Assert.Equal(
                    Factor(schema),
                    Math.Max(bucket.High / bucket.Low, bucket.Low / bucket.High),
                    tolerance: 1e-9 * Factor(schema)));
        Assert.InRange(buckets.Length, 1, known.Native.MaxBuckets);
    }

    [Fact]
    public void A_limit_of_buckets_lowers_the_schema() => Assert.Equal(
        [("limited_seconds", 5, -1), ("very_limited_seconds", 8, -3)],
        from observations in Observations.All
        let schema = HistogramOf(observations.Name).Native!.Schema
        where schema != observations.Native.Schema
        select (observations.Name, observations.Native.Schema, schema));

    [Theory]
    [InlineData("both_seconds")]
    [InlineData("native_seconds")]
    public async Task Latency_of_requests_is_a_native_histogram(string name)
    {
        var prometheus = await app.NativePrometheusAsync();

        var read = await prometheus.HistogramAsync($"{name}{{handler=\"/items/{{id}}\"}}");

        var known = Assert.IsType<SampleValue.Histogram>(app.Snapshot.Find(name, "/items/{id}", "GET", "2xx"));
        Assert.Equal((ObservedApp.Requests, known.Sum), (read.Count, read.Sum));
        Assert.Equal(ObservedApp.Requests, read.Buckets.Sum(bucket => bucket.Count));
        Assert.Empty(await prometheus.QueryAsync($"{{__name__=~\"{name}_.*\"}}"));
    }

    [Theory]
    [InlineData("both_seconds_bucket", 15)]
    [InlineData("native_seconds_bucket", 1)]
    public async Task A_Prometheus_without_the_feature_reads_the_classic_buckets_of_the_same_histogram(
        string name,
        int buckets)
    {
        var prometheus = await app.ClassicPrometheusAsync();

        Assert.Equal(
            ObservedApp.Requests,
            await prometheus.ValueAsync($"{name}{{handler=\"/items/{{id}}\",le=\"+Inf\"}}"));
        Assert.Equal(buckets, await prometheus.ValueAsync($"count({name}{{handler=\"/items/{{id}}\"}})"));
    }

    [Fact]
    public async Task All_other_metric_types_have_the_same_values()
    {
        var prometheus = await app.NativePrometheusAsync();

        foreach (var family in app.Snapshot.Families.Where(family => family.Definition.Native is null))
        {
            foreach (
                var (name, labels, value) in family.Samples.SelectMany(sample => Lines(family.Definition, sample)))
            {
                Assert.Equal(
                    value,
                    Assert
                        .Single(
                            await prometheus.QueryAsync(name),
                            series => labels.All(label => series.Labels[label.Name] == label.Value))
                        .Value);
            }
        }
    }

    [Fact]
    public async Task Prometheus_reads_exactly_the_samples_of_the_app()
    {
        var prometheus = await app.NativePrometheusAsync();

        var expected = app.Snapshot.Families.Sum(family =>
            family.Samples.Sum(sample =>
                family.Definition.Native is null ? Lines(family.Definition, sample).Count() : 1));
        Assert.Equal(expected, await prometheus.ValueAsync("scrape_samples_scraped"));
    }

    private (Observations Known, int Schema) Find(string name) =>
        (Observations.All.Single(one => one.Name == name), HistogramOf(name).Native!.Schema);

    private SampleValue.Histogram HistogramOf(string name) =>
        Assert.IsType<SampleValue.Histogram>(app.Snapshot.Find(name));

    /// <summary>What is promised: the estimate is as many times the true quantile as a bucket's end is its beginning,
    /// at the most.</summary>
    private static void AssertClose(Observations known, int schema, double rank, double estimate)
    {
        var quantile = known.Quantile(rank);
        if (Math.Abs(quantile) <= known.Native.ZeroThreshold)
        {
            Assert.InRange(estimate, -known.Native.ZeroThreshold, known.Native.ZeroThreshold);
        }
        else
        {
            Assert.True(
                estimate / quantile >= 1 / Limit(schema) && estimate / quantile <= Limit(schema),
                $"{known.Name} has the quantile {quantile} of {rank}, not {estimate}: schema {schema}.");
        }
    }

    // The tolerance covers rounding errors in the interpolation of Prometheus.
    private static double Limit(int schema) => Factor(schema) * (1 + 1e-12);

    private static double Factor(int schema) => Math.Pow(2, Math.Pow(2, -schema));

    private static bool IsZero(PrometheusBucket bucket) => bucket is { Low: <= 0, High: >= 0 };

    private static IEnumerable<(string Name, IEnumerable<Label> Labels, double Value)> Lines(
        FamilyDefinition family,
        Sample sample)
    {
        var labels = sample.Labels.Names.Zip(sample.Labels.Values, (name, value) => new Label(name, value));
        return sample.Value.Match<IEnumerable<(string, IEnumerable<Label>, double)>>(
            counter => [(family.Name, labels, counter.Value)],
            gauge => [(family.Name, labels, gauge.Value)],
            histogram =>
                [
                    (family.Name + "_count", labels, histogram.Count),
                    (family.Name + "_sum", labels, histogram.Sum),
                    .. family
                        .Buckets.Append(double.PositiveInfinity)
                        .Select(
                            (bound, i) =>
                                (
                                    family.Name + "_bucket",
                                    labels.Append(new Label("le", Bound(bound))),
                                    (double)histogram.Counts.Take(i + 1).Sum())),
                ],
            summary => [(family.Name + "_count", labels, summary.Count), (family.Name + "_sum", labels, summary.Sum)]);
    }

    private static string Bound(double bound) =>
        bound switch
        {
            double.PositiveInfinity => "+Inf",
            >= 1e6 => "1e+06",
            _ => Math.Truncate(bound) == bound
                ? FormattableString.Invariant($"{bound}.0")
                : FormattableString.Invariant($"{bound}"),
        };
}
