namespace Instrumentator.Testing;

/// <summary>The OpenMetrics rules across the lines of a family, beyond the form of each line.</summary>
internal static class OpenMetricsRules
{
    public static void Check(ReadFamily family)
    {
        if (family.Type is "info" or "stateset" && family.Unit is { Length: > 0 })
            throw family.FirstLine.Error($"The {family.Type} {family.Name} cannot have a unit");
        foreach (var sample in family.Samples)
            SampleRules.Check(family, sample);
        foreach (var metric in Metrics(family))
        {
            CheckTimestamps(metric);
            CheckUnique(metric);
            foreach (var point in metric.GroupBy(sample => sample.Sample.Timestamp))
                CheckPoint(family, [.. point]);
        }
    }

    /// <summary>Returns the lines of each metric, which must be together: "Metrics MUST NOT be interleaved."</summary>
    private static List<List<ReadSample>> Metrics(ReadFamily family)
    {
        var metrics = new List<List<ReadSample>>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var last = "";
        foreach (var sample in family.Samples)
        {
            var labels = sample.LabelsWithout(family.OwnLabel);
            if (metrics.Count == 0 || labels != last)
            {
                if (!known.Add(labels))
                    throw sample.Line.Error("All lines with the same labels must be together");
                metrics.Add([]);
            }
            last = labels;
            metrics[^1].Add(sample);
        }
        return metrics;
    }

    /// <summary>Checks the rule "If more than one MetricPoint is exposed for a Metric, then its MetricPoints MUST have
    /// monotonically increasing timestamps."</summary>
    private static void CheckTimestamps(List<ReadSample> metric)
    {
        foreach (var (before, sample) in metric.Zip(metric.Skip(1)))
        {
            var (earlier, later) = (before.Sample.Timestamp, sample.Sample.Timestamp);
            if (earlier is null != later is null)
                throw sample.Line.Error("Either all lines with the same labels have a timestamp, or none");
            if (later < earlier)
                throw sample.Line.Error("Timestamps of lines with the same labels must not go back");
        }
    }

    // A series with timestamps may have several points at one timestamp.
    private static void CheckUnique(List<ReadSample> metric)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var sample in metric.Where(sample =>
            sample.Sample.Timestamp is null && !known.Add(sample.Name + sample.LabelsWithout(null))))
        {
            throw sample.Line.Error($"The series {sample.Name} with these labels occurs twice");
        }
    }

    private static void CheckPoint(ReadFamily family, ReadSample[] lines)
    {
        if (family.Type == "counter" && Find(lines, family.Name + "_total") is null)
            throw lines[0].Line.Error($"The counter {family.Name} has no _total for these labels");
        if (family.Type is "histogram" or "gaugehistogram")
            CheckHistogram(family, lines);
    }

    private static void CheckHistogram(ReadFamily family, ReadSample[] lines)
    {
        ReadSample[] buckets = [.. lines.Where(line => line.Name == family.Name + "_bucket")];
        var last = Buckets.Check(buckets, lines[0].Line, family.Name);
        var (countName, sumName) = family.Type == "histogram" ? ("_count", "_sum") : ("_gcount", "_gsum");
        var (count, sum) = (Find(lines, family.Name + countName), Find(lines, family.Name + sumName));
        if (count is null != sum is null)
            throw (count ?? sum)!.Line.Error($"{countName} and {sumName} must occur together");
        if (count is not null && count.Value != last.Value)
        {
            throw count.Line.Error(FormattableString.Invariant(
                $"{family.Name}{countName} must equal the bucket +Inf, {last.Value}"));
        }
        if (sum is not null)
            CheckSum(sum, family.Type, hasNegativeBounds: Buckets.BoundOf(buckets[0]) < 0);
    }

    private static void CheckSum(ReadSample sum, string type, bool hasNegativeBounds)
    {
        if (type == "histogram" && hasNegativeBounds)
            throw sum.Line.Error("There must be no sum if a bucket has an upper bound below 0");
        if (sum.Value < 0 && !hasNegativeBounds)
            throw sum.Line.Error("A sum must not be negative if no bucket has an upper bound below 0");
    }

    private static ReadSample? Find(ReadSample[] lines, string name) => Array.Find(lines, line => line.Name == name);
}
