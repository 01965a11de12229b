namespace Instrumentator;

/// <summary>A cell that can be read for a scrape.</summary>
internal interface IReadCell
{
    /// <summary>What it holds now.</summary>
    SampleValue Read();
}
