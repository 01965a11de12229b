namespace Instrumentator;

/// <summary>Tells on only those families that somebody chose by name, or by the name of a sample.</summary>
internal sealed class ChosenFamilies(IScrapeSink sink, IReadOnlySet<string> names) : IScrapeSink
{
    public ISeriesSink? Begin(FamilyDefinition family) => family.KnownNames.Any(names.Contains) ? sink.Begin(family) : null;

    public void End() => sink.End();
}
