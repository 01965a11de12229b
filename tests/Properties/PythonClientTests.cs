using System.Text;
using Instrumentator.Judges;
using Instrumentator.Properties.Reference;
using Xunit.Sdk;

namespace Instrumentator.Properties;

public class PythonClientTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Property(
        MaxTest = 20,
        Skip = PythonClient.SkipReason,
        SkipUnless = nameof(PythonClient.IsRequiredOrPresent),
        SkipType = typeof(PythonClient))]
    public async Task The_Python_client_reads_the_same_samples_from_any_snapshot(WellNamedSnapshot snapshot)
    {
        var text = Encoding.UTF8.GetBytes(ExpositionFormat.Prometheus.ToText(snapshot.Value));
        var read = await PythonClient.ReadAsync(text, Cancelled);
        Assert.Equal(Samples(snapshot.Value, TextLines), read);
    }

    // Generators.ReadableExemplars stays within the limits of this client.
    [Property(
        MaxTest = 30,
        Skip = PythonClient.SkipReason,
        SkipUnless = nameof(PythonClient.IsRequiredOrPresent),
        SkipType = typeof(PythonClient))]
    public async Task The_strict_Python_client_reads_the_same_samples_except_those_that_OpenMetrics_cannot_express(
        WellNamedSnapshot snapshot)
    {
        var text = Encoding.UTF8.GetBytes(ExpositionFormat.OpenMetrics.ToText(snapshot.Value));
        var read = await PythonClient.ReadOpenMetricsAsync(text, Cancelled);
        Assert.Equal(Samples(snapshot.Value, OpenMetricsLines), read);
    }

    [Property(
        MaxTest = 20,
        Skip = PythonClient.SkipReason,
        SkipUnless = nameof(PythonClient.IsRequiredOrPresent),
        SkipType = typeof(PythonClient))]
    public async Task The_strict_Python_client_reads_the_start_of_each_series(WellNamedSnapshot snapshot)
    {
        var text = Encoding.UTF8.GetBytes(
            ExpositionFormat.OpenMetrics.WithCreatedSamples().ToText(snapshot.Value));
        var read = await PythonClient.ReadOpenMetricsAsync(text, Cancelled);
        Assert.Equal(
            Samples(snapshot.Value, (family, sample) => OpenMetricsLines(family, sample).Concat(Start(family, sample))),
            read);
    }

    [Fact]
    public async Task The_strict_Python_client_reads_what_a_registry_includes_from_NET()
    {
        PythonClient.Require();
        var scrape = await PromtoolTests.Included().ScrapeAsync(Cancelled);
        var text = Encoding.UTF8.GetBytes(ExpositionFormat.OpenMetrics.ToText(scrape));
        Assert.Equal(Samples(scrape, OpenMetricsLines), await PythonClient.ReadOpenMetricsAsync(text, Cancelled));
    }

    [Theory]
    [InlineData("# TYPE a counter\na_total 1\n")]
    [InlineData("# TYPE a counter\na_total NaN\n# EOF\n")]
    [InlineData("# TYPE h histogram\nh_bucket{le=\"-1.0\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_count 1\nh_sum 1\n# EOF\n")]
    public async Task The_strict_Python_client_refuses_invalid_text(string text)
    {
        PythonClient.Require();
        await Assert.ThrowsAsync<TrueException>(
            () => PythonClient.ReadOpenMetricsAsync(Encoding.UTF8.GetBytes(text), Cancelled));
    }

    private static IEnumerable<ReadSample> Samples(
        Snapshot snapshot, Func<FamilyDefinition, Sample, IEnumerable<ReadSample>> lines) =>
        from family in snapshot.Families
        from sample in family.Samples
        from line in lines(family.Definition, sample)
        select line;

    private static IEnumerable<ReadSample> TextLines(FamilyDefinition family, Sample sample)
    {
        // The parser adds that suffix to every counter.
        var name = family.Kind == MetricKind.Counter && !family.Name.EndsWith("_total", StringComparison.Ordinal)
            ? family.Name + "_total"
            : family.Name;
        return Lines(family with { Name = name }, sample).Select(line => line with { Exemplar = null });
    }

    private static IEnumerable<ReadSample> OpenMetricsLines(FamilyDefinition family, Sample sample)
    {
        var bounds = (sample.Value as SampleValue.Histogram)?.Buckets ?? family.Buckets;
        var lines = Lines(
            family with { Buckets = bounds },
            sample with { Value = OpenMetricsView.Of(family, sample.Value) }).ToList();
        var isWithoutSum = lines.Exists(line => line.Name == family.Name + "_sum" && double.IsNaN(line.Value));
        return isWithoutSum
            ? lines.Where(line => line.Name != family.Name + "_sum"
                && !(family.Kind == MetricKind.Histogram && line.Name == family.Name + "_count"))
            : lines;
    }

    private static IEnumerable<ReadSample> Start(FamilyDefinition family, Sample sample) =>
        OpenMetricsView.CreatedOf(family, sample) is { } created
            ? [ReadSample.Of(OpenMetricsView.NameOf(family) + "_created", LabelsOf(sample), created)]
            : [];

    private static (string, string)[] LabelsOf(Sample sample) =>
        [.. sample.Labels.Names.Zip(sample.Labels.Values)];

    private static IEnumerable<ReadSample> Lines(FamilyDefinition family, Sample sample)
    {
        var labels = LabelsOf(sample);
        return sample.Value.Match(
            counter => [ReadSample.Of(family.Name, labels, counter.Value, Read(counter.Exemplar))],
            gauge => [ReadSample.Of(family.Name, labels, gauge.Value)],
            histogram => (histogram.Buckets ?? family.Buckets).Append(double.PositiveInfinity)
                .Select((bound, i) => ReadSample.Of(
                    family.Name + "_bucket",
                    labels.Append(("le", Numbers.UpperBound(bound))),
                    histogram.Counts.Take(i + 1).Sum(),
                    Read(histogram.Exemplars.ElementAtOrDefault(i))))
                .Concat(CountAndSum(family.Name, labels, histogram.Count, histogram.Sum)),
            summary => summary.Quantiles
                .Select(quantile => ReadSample.Of(
                    family.Name,
                    labels.Append(("quantile", Numbers.UpperBound(quantile.Rank))),
                    quantile.Value))
                .Concat(CountAndSum(family.Name, labels, summary.Count, summary.Sum)));
    }

    private static ReadExemplar? Read(Exemplar? exemplar) => exemplar is null
        ? null
        : new ReadExemplar(
            ReadSample.Sorted(exemplar.Labels.Select(label => (label.Name, LabelSet.Clean(label.Value)))),
            exemplar.Value,
            exemplar.Timestamp);

    private static ReadSample[] CountAndSum(string name, (string, string)[] labels, long count, double sum) =>
        [ReadSample.Of(name + "_count", labels, count), ReadSample.Of(name + "_sum", labels, sum)];
}
