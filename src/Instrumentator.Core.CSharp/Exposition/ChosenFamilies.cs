namespace Instrumentator;

/// <summary>Passes on only the families that were chosen by name, or by the name of a sample.</summary>
internal sealed class ChosenFamilies(IScrapeWriter writer, IReadOnlySet<string> names) : IScrapeWriter
{
    public ISampleWriter? Begin(FamilyDefinition family) => family.KnownNames.Any(names.Contains) ? writer.Begin(family) : null;

    public void End() => writer.End();
}
