namespace Instrumentator.Benchmarks;

/// <summary>Checks by the lines of a scrape that a row measures what its name says.</summary>
internal static class SampleLines
{
    /// <summary>Returns the lines of a scrape, without comments.</summary>
    public static string[] Of(string scrape) => [.. scrape.Split('\n').Where(line => line is not ("" or ['#', ..]))];

    /// <summary>Throws an exception unless the scrape has these lines.</summary>
    public static void Require(string[] scrape, params IEnumerable<string> lines)
    {
        if (lines.Except(scrape).FirstOrDefault() is { } missing)
            throw new InvalidOperationException($"There is no {missing} in\n{string.Join('\n', scrape)}");
    }

    /// <summary>Throws an exception unless the scrape has the series and numbers of our <see cref="ShopRegistry"/>, in
    /// any order.</summary>
    public static void RequireShop(string[] scrape, int size)
    {
        // Other libraries write upper bounds without a fraction as whole numbers.
        Require(scrape, Of(ShopRegistry.Create(size).ToText()).Select(line => line.Replace(".0\"}", "\"}")));
        if (scrape.Length != size)
            throw new InvalidOperationException($"The scrape has {scrape.Length} samples instead of {size}.");
    }
}
