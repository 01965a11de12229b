namespace Instrumentator.Testing;

/// <summary>The exception for a scrape that does not match the expected text. The message lists the differences, one
/// per line.</summary>
public sealed class ScrapeMismatchException : Exception
{
    internal ScrapeMismatchException(string difference)
        : base($"The scrape differs from the expected one (- expected, + actual):\n{difference}") =>
        Difference = difference;

    /// <summary>The differences: an expected line that is missing has the prefix <c>-</c>, and a line that the scrape
    /// has instead or in addition has the prefix <c>+</c>.</summary>
    public string Difference { get; }
}
