namespace Instrumentator;

/// <summary>The text format of Prometheus, versions 0.0.4 and 1.0.0.</summary>
/// <remarks>See https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format. Families without series
/// keep their HELP and TYPE lines.</remarks>
internal static class PrometheusText
{
    public static TextFormat Format { get; } = new(Metadata);

    private static string Metadata(FamilyDefinition family)
    {
        var name = SampleName.OfFamily(family.Name);
        var type = TextFormat.TypeName(family.Kind, "untyped");
        return $"# HELP {name} {Escaping.HelpText(LabelSet.Clean(family.Help))}\n# TYPE {name} {type}\n";
    }
}
