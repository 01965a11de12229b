namespace Instrumentator;

/// <summary>A writer that passes on only the families selected by name, or by the name of a sample.</summary>
internal sealed class FilteringScrapeWriter(IScrapeWriter writer, IReadOnlySet<string> names) : IScrapeWriter
{
    public ISampleWriter? Begin(FamilyDefinition family) =>
        family.KnownNames.Any(names.Contains) ? writer.Begin(family) : null;

    public void End() => writer.End();
}
