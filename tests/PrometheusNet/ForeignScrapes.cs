using System.Text;
using Instrumentator.Properties;
using Instrumentator.Properties.Reference;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>Generates the metrics of other libraries, and texts of their scrapes with errors.</summary>
internal static class ForeignScrapes
{
    /// <summary>Generates snapshots with everything that another library may have and our own registry does not:
    /// quantiles, exemplars, several bucket layouts in a family, unknown types.</summary>
    public static Gen<Snapshot> Snapshots =>
        from snapshot in Generators.ClassicPrograms.Select(
            program => Properties.Program.Run(program, new Registry(seriesLimit: 50)))
        from extras in Extras.NonEmptyListOf()
        select new Snapshot(ValueList.From(snapshot.Families.Select(
            (family, i) => WithExtras(family, [.. extras.Skip(i % extras.Count), .. extras]))));

    /// <summary>Generates scrape texts with a few bytes removed, doubled or replaced, and random bytes.</summary>
    public static Gen<byte[]> BrokenTexts => Gen.Frequency(
        (4, from snapshot in Snapshots
            from breaks in Gen.Three(Gen.Choose(0, int.MaxValue)).ListOf()
            select breaks.Take(3).Aggregate(Encoding.UTF8.GetBytes(CollectorWriter.Write(snapshot)), Broken)),
        (1, Gen.Elements("ab_{}=\",# \n\\1.e+-\0\u00FF\uD800NaIfTYPEHLtolcunsmrge".ToCharArray())
            .ArrayOf()
            .Select(Encoding.UTF8.GetBytes)),
        (1, Gen.Choose(0, 255).ArrayOf().Select(bytes => bytes.Select(one => (byte)one).ToArray())));

    private static Gen<Extra> Extras =>
        from rank in Gen.Elements(0, 0.5, 0.99, 1)
        from numbers in Gen.Two(Generators.Doubles.Generator)
        from label in Gen.Two(Generators.Texts.Generator)
        from moment in Gen.Elements<double?>(null, 0, 1_700_000_000.25)
        from bounds in Generators.BucketLists
        from flags in Gen.Four(Gen.Elements(true, false))
        select new Extra(
            flags.Item1 ? [new Quantile(rank, numbers.Item1)] : [],
            flags.Item2
                ? new Exemplar(
                    [("trace_id", SlowWriter.Clean(label.Item1)), ("b", SlowWriter.Clean(label.Item2))],
                    numbers.Item2,
                    moment)
                : null,
            flags.Item3 ? bounds : null,
            flags.Item4);

    private static FamilySnapshot WithExtras(FamilySnapshot family, Extra[] extras)
    {
        var definition = family.Definition.Kind == MetricKind.Gauge && extras[0].IsUnknown
            ? family.Definition with { Kind = MetricKind.Unknown }
            : family.Definition;
        return new(definition, ValueList.From(family.Samples.Select((sample, i) => sample with
        {
            Value = WithExtra(sample.Value, extras[i % extras.Length], isFirst: i == 0, definition.Buckets),
        })));
    }

    private static SampleValue WithExtra(
        SampleValue value, Extra extra, bool isFirst, ValueList<double> bounds) =>
        value.Match<SampleValue>(
            counter => counter with { Exemplar = extra.Exemplar },
            gauge => gauge,
            histogram => WithExemplars(
                isFirst || extra.Buckets is null || extra.Buckets.Equals(bounds)
                    ? histogram
                    : new SampleValue.Histogram(
                        ValueList.From(extra.Buckets.Select((_, i) => (long)i).Append(7)), histogram.Sum)
                    {
                        Buckets = extra.Buckets,
                    },
                extra.Exemplar),
            summary => summary with { Quantiles = extra.Quantiles });

    // Every second bucket has the exemplar, and so does the last one.
    private static SampleValue.Histogram WithExemplars(SampleValue.Histogram histogram, Exemplar? exemplar) =>
        exemplar is null
            ? histogram
            : histogram with
            {
                Exemplars = ValueList.From(histogram.Counts.Select(
                    (_, i) => (histogram.Counts.Count - i) % 2 == 1 ? exemplar : null)),
            };

    private static byte[] Broken(byte[] text, (int Place, int Length, int Way) change)
    {
        var at = change.Place % (text.Length + 1);
        var length = Math.Min(change.Length % 8, text.Length - at);
        byte[] with = (change.Way % 3) switch
        {
            0 => [],
            1 => [.. text[at..(at + length)], .. text[at..(at + length)]],
            _ => [(byte)change.Way],
        };
        return [.. text[..at], .. with, .. text[(at + length)..]];
    }

    private sealed record Extra(
        ValueList<Quantile> Quantiles, Exemplar? Exemplar, ValueList<double>? Buckets, bool IsUnknown);
}
