namespace Instrumentator;

/// <summary>Who is told a scrape, family by family: a snapshot is made of it, or bytes.</summary>
internal interface IScrapeSink
{
    /// <summary>A family begins; what follows are its series.</summary>
    /// <returns>Who is told them; null when they are not wanted.</returns>
    ISeriesSink? Begin(FamilyDefinition family);

    /// <summary>That was all.</summary>
    void End();
}
