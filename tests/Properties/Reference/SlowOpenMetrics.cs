using System.Text;

namespace Instrumentator.Properties.Reference;

/// <summary>Writes OpenMetrics 1.0.0 the obvious way: all lines that the format can express, then removes those of
/// missing sums.</summary>
internal static class SlowOpenMetrics
{
    public static string Write(Snapshot snapshot, bool created = false)
    {
        var text = new StringBuilder();
        foreach (var family in snapshot.Families)
        {
            var name = OpenMetricsView.NameOf(family.Definition);
            text.Append($"# TYPE {name} {OpenMetricsView.TypeOf(family.Definition)}\n");
            if (OpenMetricsView.UnitOf(family.Definition) is { } unit)
                text.Append($"# UNIT {name} {unit}\n");
            text.Append($"# HELP {name} {SlowWriter.Escape(SlowWriter.Clean(family.Definition.Help), quotes: true)}\n");
            foreach (var sample in family.Samples)
            {
                foreach (var line in Lines(family.Definition, sample.Value))
                {
                    text.Append(
                        $"{family.Definition.Name}{line.Suffix}{SlowWriter.Labels(sample.Labels, line.Label)} "
                        + $"{line.Value}{Exemplar(line.Exemplar)}\n");
                }
                if (created && OpenMetricsView.CreatedOf(family.Definition, sample) is { } start)
                    text.Append($"{name}_created{SlowWriter.Labels(sample.Labels, null)} {SlowWriter.Number(start)}\n");
            }
        }
        return text.Append("# EOF\n").ToString();
    }

    private static IEnumerable<(string Suffix, string? Label, string Value, Exemplar? Exemplar)> Lines(
        FamilyDefinition family, SampleValue value)
    {
        var bounds = (value as SampleValue.Histogram)?.Buckets ?? family.Buckets;
        var lines = SlowWriter.Lines(OpenMetricsView.Of(family, value), bounds).ToList();

        // "If and only if a Sum Value is present in a MetricPoint, then … _count."
        if (value is SampleValue.Histogram && lines.Contains(("_sum", null, "NaN", null)))
            lines.RemoveAll(line => line.Suffix == "_count");
        return lines.Where(line => line is not { Suffix: "_sum", Value: "NaN" });
    }

    private static string Exemplar(Exemplar? exemplar) => exemplar is null
        ? ""
        : $" # {{{string.Join(",", exemplar.Labels.Select(label => SlowWriter.Pair(label.Name, label.Value)))}}}"
            + $" {SlowWriter.Number(exemplar.Value)}"
            + (exemplar.Timestamp is { } seconds ? $" {SlowWriter.Number(seconds)}" : "");
}
