namespace Instrumentator;

/// <summary>Extensions that write snapshots to scrape writers.</summary>
internal static class SnapshotExtensions
{
    public static void WriteTo(this Snapshot snapshot, IScrapeWriter writer)
    {
        snapshot.Families.WriteTo(writer);
        writer.End();
    }

    /// <summary>Writes families. More may follow.</summary>
    public static void WriteTo(this ValueList<FamilySnapshot> families, IScrapeWriter writer)
    {
        foreach (var family in families.Span)
        {
            if (writer.Begin(family.Definition) is { } wanted)
                WriteSeries(family, wanted);
        }
    }

    private static void WriteSeries(FamilySnapshot family, ISampleWriter writer)
    {
        foreach (var sample in family.Samples.Span)
            Write(sample, writer);
    }

    // A switch instead of Match, which would need new closures for each sample.
    private static void Write(Sample sample, ISampleWriter writer)
    {
        switch (sample.Value)
        {
            case SampleValue.Counter counter:
                writer.Counter(sample.Labels, counter.Value, counter.Exemplar, sample.Created);
                break;
            case SampleValue.Gauge gauge:
                writer.Gauge(sample.Labels, gauge.Value);
                break;
            case SampleValue.Histogram histogram:
                writer.Histogram(sample.Labels, histogram.Reading(sample.Created));
                break;
            case SampleValue.Summary summary:
                writer.Summary(sample.Labels, summary.Count, summary.Sum, summary.Quantiles, sample.Created);
                break;
        }
    }
}
