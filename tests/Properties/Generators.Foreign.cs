namespace Instrumentator.Properties;

/// <summary>What families of other libraries have besides ours: exemplars, quantiles, buckets of a series' own,
/// counters of any name.</summary>
internal static partial class Generators
{
    /// <summary>Exemplars of any content; some are none that a reader may take.</summary>
    public static Gen<Exemplar> Exemplars =>
        ExemplarsOf(
            Gen.Frequency(
                (8, LabelNames),
                (1, Gen.Elements("trace_id", "trace_id", "", "0a", "a-b", "a:b", "__a", "é"))),
            Gen.OneOf(
                Texts.Generator,
                Gen.Choose(110, 130).Select(length => new string('x', length)),
                Gen.Choose(55, 70).Select(Emojis)),
            Times);

    /// <summary>Seconds since 1970, some of which no format can express.</summary>
    private static Gen<double> Times =>
        Gen.OneOf(
            Doubles.Generator,
            Gen.Elements(1_700_000_000, 1_700_000_000.123, 1_795_385_332.343, 1_700_000_000.123456, -0.25));

    private static Gen<double> RecentTimes =>
        Gen.Choose(0, int.MaxValue).Select(milliseconds => milliseconds / 1_000.0);

    /// <summary>Exemplars that Python's client can read: it ends their labels at the first brace, drops the sign of
    /// -0.5 s, and cuts below the nanosecond.</summary>
    public static Gen<Exemplar> ReadableExemplars => ExemplarsOf(
        LabelNames,
        Texts.Generator.Select(text => text.Replace("}", ")", StringComparison.Ordinal)),
        RecentTimes);

    // Up to three labels: few texts are long, but with more labels, one of them would often make the exemplar too long.
    private static Gen<Exemplar> ExemplarsOf(Gen<string> names, Gen<string> values, Gen<double> timestamps) =>
        from labels in Gen.Zip(names, values).Select(pair => new Label(pair.Item1, pair.Item2)).ListOf()
        from count in Gen.Choose(0, 3)
        from value in Doubles.Generator
        from timestamp in Gen.OneOf(Gen.Constant<double?>(null), timestamps.Select(seconds => (double?)seconds))
        select new Exemplar(ValueList.From(labels.Take(count)), value, timestamp);

    /// <summary>Lists of quantiles with distinct ranks in rising order; some are invalid in OpenMetrics.</summary>
    private static Gen<ValueList<Quantile>> Quantiles =>
        from ranks in Gen.Elements(0, 0.5, 0.9, 0.95, 0.99, 0.999, 1, 1 / 3.0, 1.5, -0.5).ListOf()
        from values in Doubles.Generator.ListOf(ranks.Count)
        select ValueList.From(
            ranks
                .Zip(values, (rank, value) => new Quantile(rank, value))
                .DistinctBy(quantile => quantile.Rank)
                .OrderBy(quantile => quantile.Rank));

    /// <summary>Adds the features of other libraries to a snapshot.</summary>
    private static Gen<Snapshot> WithForeign(Gen<Snapshot> snapshots, Gen<Exemplar> exemplars) =>
        from snapshot in snapshots
        from families in Gen.CollectToArray(snapshot.Families, family => WithForeign(family, exemplars))
        select new Snapshot(ValueList.From(families));

    private static Gen<FamilySnapshot> WithForeign(FamilySnapshot family, Gen<Exemplar> exemplars) =>
        from definition in Gen.Elements(family.Definition, Foreign(family.Definition))
        from samples in Gen.CollectToArray(family.Samples, sample => WithForeign(sample, exemplars))
        select new FamilySnapshot(definition, ValueList.From(samples));

    private static Gen<Sample> WithForeign(Sample sample, Gen<Exemplar> exemplars) =>
        from value in WithForeign(sample.Value, exemplars)
        from created in Gen.OneOf(
            Gen.Elements(null, sample.Created),
            Times.Select(seconds => (double?)seconds))
        select sample with { Value = value, Created = created };

    private static FamilyDefinition Foreign(FamilyDefinition definition) => definition.Kind switch
    {
        MetricKind.Counter => definition with { Name = definition.Name[..^"_total".Length] },
        MetricKind.Gauge => definition with { Kind = MetricKind.Unknown },
        _ => definition,
    };

    private static Gen<SampleValue> WithForeign(SampleValue value, Gen<Exemplar> exemplars) => value.Match(
        counter => OrNone(exemplars).Select(exemplar => (SampleValue)(counter with { Exemplar = exemplar })),
        gauge => Gen.Constant((SampleValue)gauge),
        histogram => WithForeign(histogram, exemplars),
        summary => Quantiles.Select(quantiles => (SampleValue)(summary with { Quantiles = quantiles })));

    private static Gen<SampleValue> WithForeign(SampleValue.Histogram histogram, Gen<Exemplar> exemplars) =>
        from own in Gen.OneOf(Gen.Constant(histogram), OfOwnBuckets(histogram.Sum))
        from some in OrNone(exemplars).ListOf(own.Counts.Count)
        from any in Gen.Elements(true, false)
        select (SampleValue)(
            own with
            {
                Exemplars = any && some.Any(one => one is not null) ? ValueList.From(some) : [],
            });

    private static Gen<SampleValue.Histogram> OfOwnBuckets(double sum) =>
        from bounds in BucketLists
        from counts in Gen.Choose(0, 1_000).Select(count => (long)count).ListOf(bounds.Count + 1)
        select new SampleValue.Histogram(ValueList.From(counts), sum) { Buckets = bounds };

    private static Gen<T?> OrNone<T>(Gen<T> values)
        where T : class => Gen.OneOf(Gen.Constant<T?>(null), values.Select(value => (T?)value));

    private static string Emojis(int count) => string.Concat(Enumerable.Repeat("😀", count)) + new string('x', count);
}
