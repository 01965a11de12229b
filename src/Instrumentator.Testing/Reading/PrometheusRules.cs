namespace Instrumentator.Testing;

/// <summary>The rules across the lines of a family in Prometheus text format: "Histograms and summaries" on its
/// page.</summary>
internal static class PrometheusRules
{
    public static void Check(ReadFamily family)
    {
        if (family.Type is not ("histogram" or "summary"))
            return;
        foreach (var series in family.Samples.GroupBy(
            sample => sample.LabelsWithout(family.OwnLabel),
            StringComparer.Ordinal))
        {
            if (family.Type == "histogram")
                CheckHistogram(family.Name, [.. series]);
            else
                CheckQuantiles(family.Name, [.. series]);
        }
    }

    private static void CheckHistogram(string name, ReadSample[] lines)
    {
        var last = Buckets.Check([.. lines.Where(line => line.Name == name + "_bucket")], lines[0].Line, name);
        var count = Only(lines, name + "_count");
        if (count.Value != last.Value)
        {
            throw count.Line.Error(FormattableString.Invariant(
                $"{name}_count must equal the bucket +Inf, {last.Value}"));
        }
        Only(lines, name + "_sum");
    }

    private static void CheckQuantiles(string name, ReadSample[] lines)
    {
        var before = double.NegativeInfinity;
        foreach (var line in lines.Where(line => line.Name == name))
        {
            var rank = NumberText.OfLabel(line.Sample.ValueOf("quantile"))
                ?? throw line.Line.Error($"{name} is a summary, so its label quantile must be a number");
            if (rank <= before)
                throw line.Line.Error("Quantiles must be in increasing order");
            before = rank;
        }
    }

    private static ReadSample Only(ReadSample[] lines, string name) =>
        Array.FindAll(lines, line => line.Name == name) is [var only]
            ? only
            : throw lines[0].Line.Error($"{name} must occur once for these labels");
}
