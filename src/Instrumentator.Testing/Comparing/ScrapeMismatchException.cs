namespace Instrumentator.Testing;

/// <summary>A scrape that is not the expected one. The message is the difference, a line each.</summary>
public sealed class ScrapeMismatchException : Exception
{
    internal ScrapeMismatchException(string difference) : base($"The scrape is not the expected one (- expected, + actual):\n{difference}") => Difference = difference;

    /// <summary>What differs: a line of the expected text that is not there behind <c>-</c>, a line that is there instead or besides behind <c>+</c>.</summary>
    public string Difference { get; }
}
