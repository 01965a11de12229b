namespace Instrumentator;

/// <summary>Tells a snapshot to whoever takes scrapes.</summary>
internal static class SnapshotTelling
{
    public static void TellTo(this Snapshot snapshot, IScrapeSink sink)
    {
        snapshot.Families.TellTo(sink);
        sink.End();
    }

    /// <summary>Tells families, behind which others may come.</summary>
    public static void TellTo(this ValueList<FamilySnapshot> families, IScrapeSink sink)
    {
        foreach (var family in families.Span)
        {
            if (sink.Begin(family.Definition) is { } wanted)
                TellSeries(family, wanted);
        }
    }

    private static void TellSeries(FamilySnapshot family, ISeriesSink sink)
    {
        foreach (var sample in family.Samples.Span)
            Tell(sample, sink);
    }

    // A switch and no Match: functions that know the sample would have to be made for each.
    private static void Tell(Sample sample, ISeriesSink sink)
    {
        switch (sample.Value)
        {
            case SampleValue.Counter counter:
                sink.Counter(sample.Labels, counter.Value, counter.Exemplar);
                break;
            case SampleValue.Gauge gauge:
                sink.Gauge(sample.Labels, gauge.Value);
                break;
            case SampleValue.Histogram histogram:
                sink.Histogram(sample.Labels, histogram.Reading);
                break;
            case SampleValue.Summary summary:
                sink.Summary(sample.Labels, summary.Count, summary.Sum, summary.Quantiles);
                break;
        }
    }
}
