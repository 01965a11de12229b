namespace Instrumentator;

/// <summary>A cell that can be read for a scrape.</summary>
internal interface IReadCell
{
    /// <summary>Brings from memory, before its turn, what it refers to: link by link, so that no step has to wait for the one before.</summary>
    /// <returns>Whether there are further steps.</returns>
    bool Bring(int step) => false;

    /// <summary>Tells what it holds now.</summary>
    void TellTo(ISeriesSink sink, LabelSet labels);
}
