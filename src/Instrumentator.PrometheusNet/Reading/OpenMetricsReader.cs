using System.Text;

namespace Instrumentator;

/// <summary>Parses text from other libraries: OpenMetrics 1.0, and its common subset with Prometheus's own
/// format.</summary>
/// <remarks>
/// See https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md. It accepts the lines of a
/// family in any order and ignores data that snapshots do not have: units, creation times and the timestamps of
/// samples.
/// </remarks>
internal static class OpenMetricsReader
{
    /// <summary>Parses the families of a text.</summary>
    /// <exception cref="FormatException">The text is invalid; the message shows the line.</exception>
    public static ValueList<FamilySnapshot> Read(ReadOnlySpan<byte> text) => Read(text, declaredOnly: false);

    /// <summary>Parses a text in which each family is declared before its samples. Other lines are ignored: they are
    /// parts of strings that were not escaped.</summary>
    /// <exception cref="FormatException">A line of a family is invalid; the message shows it.</exception>
    public static ValueList<FamilySnapshot> ReadDeclared(ReadOnlySpan<byte> text) => Read(text, declaredOnly: true);

    private static ValueList<FamilySnapshot> Read(ReadOnlySpan<byte> text, bool declaredOnly)
    {
        var families = new List<FamilyReader>();
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (!line.IsEmpty
                && (!declaredOnly || line[0] == '#' || families is [.., var last] && last.Has(SampleLine.NameOf(line))))
            {
                ReadLine(line, families);
            }
        }
        return ValueList.From(families.Select(family => family.ToSnapshot()));
    }

    private static void ReadLine(ReadOnlySpan<byte> line, List<FamilyReader> families)
    {
        try
        {
            if (line[0] == '#')
                ReadMetadata(Encoding.UTF8.GetString(line), families);
            else
                ReadSample(line, families);
        }
        catch (FormatException e)
        {
            throw new FormatException(
                $"This line is not valid OpenMetrics ({e.Message}): {Encoding.UTF8.GetString(line)}", e);
        }
    }

    private static void ReadMetadata(string line, List<FamilyReader> families)
    {
        if (line.Split(' ', 4) is not ["#", var keyword and ("HELP" or "TYPE"), var name, var rest])
            return;
        if (keyword == "HELP")
            Undescribed(name, families, family => family.Help is null).Help = EscapedText.Undo(rest);
        else
            Undescribed(name, families, family => family.Kind is null).Kind = Kind(rest);
    }

    // A name that is described twice stands for two families: in OpenMetrics a counter x_total has the name x, and a
    // library may have a gauge x, too.
    private static FamilyReader Undescribed(
        string name, List<FamilyReader> families, Func<FamilyReader, bool> isFree) =>
        families is [.., var last] && last.Name == name && !last.HasSamples && isFree(last)
            ? last
            : Add(name, families);

    private static void ReadSample(ReadOnlySpan<byte> line, List<FamilyReader> families)
    {
        var sample = new SampleLine(line);
        var family = families is [.., var last] && last.Has(sample.Name)
            ? last
            : Add(Encoding.UTF8.GetString(sample.Name), families);
        family.Add(sample);
    }

    private static FamilyReader Add(string name, List<FamilyReader> families)
    {
        if (!Names.IsMetric(name))
            throw new FormatException($"\"{name}\" is no name");
        var family = new FamilyReader(name);
        families.Add(family);
        return family;
    }

    private static MetricKind Kind(string type) => type switch
    {
        "counter" => MetricKind.Counter,
        "gauge" => MetricKind.Gauge,
        "histogram" => MetricKind.Histogram,
        "summary" => MetricKind.Summary,
        _ => MetricKind.Unknown,
    };
}
