namespace Instrumentator;

/// <summary>A cell that can be read for a scrape.</summary>
internal interface IReadCell
{
    /// <summary>Tells what it holds now.</summary>
    void TellTo(ISeriesSink sink, LabelSet labels);
}
