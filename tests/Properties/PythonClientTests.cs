using System.Text;
using Instrumentator.Judges;

namespace Instrumentator.Properties;

public class PythonClientTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_Python_client_reads_the_same_samples_from_any_snapshot()
    {
        await PythonClient.Require(Cancelled);
        Check.Holds(
            Generators.WellNamedSnapshots,
            async snapshot =>
            {
                var read = await PythonClient.ReadAsync(Encoding.UTF8.GetBytes(PrometheusText.ToText(snapshot)), Cancelled);
                Assert.Equal(Samples(snapshot), read);
            },
            tests: 20);
    }

    private static IEnumerable<ReadSample> Samples(Snapshot snapshot) =>
        from family in snapshot.Families
        from sample in family.Samples
        from line in Lines(family.Definition, sample)
        select line;

    private static IEnumerable<ReadSample> Lines(FamilyDefinition family, Sample sample)
    {
        var labels = sample.Labels.Names.Zip(sample.Labels.Values).ToArray();
        return sample.Value.Match(
            counter => [ReadSample.Of(family.Name, labels, counter.Value)],
            gauge => [ReadSample.Of(family.Name, labels, gauge.Value)],
            histogram => family.Buckets.Append(double.PositiveInfinity)
                .Select((bound, i) => ReadSample.Of(
                    family.Name + "_bucket", labels.Append(("le", Numbers.UpperBound(bound))), histogram.Counts.Take(i + 1).Sum()))
                .Concat(CountAndSum(family.Name, labels, histogram.Count, histogram.Sum)),
            summary => CountAndSum(family.Name, labels, summary.Count, summary.Sum));
    }

    private static ReadSample[] CountAndSum(string name, (string, string)[] labels, long count, double sum) =>
        [ReadSample.Of(name + "_count", labels, count), ReadSample.Of(name + "_sum", labels, sum)];
}
