using System.Buffers;

namespace Instrumentator;

/// <summary>Writes Prometheus's text format, version 0.0.4.</summary>
/// <remarks>See https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format. Families without series keep their HELP and TYPE lines.</remarks>
/// <example><code>PrometheusText.Write(Registry.Default.Scrape(), buffer);</code></example>
public static class PrometheusText
{
    internal static TextFormat Format { get; } = new(Metadata);

    /// <summary>Writes a snapshot.</summary>
    /// <param name="snapshot">What is written.</param>
    /// <param name="output">Where to.</param>
    /// <param name="escaping">How names are written that are not of letters, digits and <c>_</c> alone; as they are, it is version 1.0.0.</param>
    public static void Write(Snapshot snapshot, IBufferWriter<byte> output, NameEscaping escaping = NameEscaping.Underscores) => Format.Write(snapshot, output, escaping);

    /// <summary>A snapshot as text, for people and for tests.</summary>
    public static string ToText(Snapshot snapshot) => Format.ToText(snapshot);

    private static string Metadata(FamilyDefinition family)
    {
        var name = SampleName.OfFamily(family.Name);
        return $"# HELP {name} {Escaping.HelpText(LabelSet.Clean(family.Help))}\n# TYPE {name} {TextFormat.TypeName(family.Kind, "untyped")}\n";
    }
}
