namespace Instrumentator.Testing;

/// <summary>Assertions on scrapes for any test framework: a mismatch throws an exception.</summary>
/// <remarks>Safe for use by multiple threads.</remarks>
public static class ScrapeAssert
{
    /// <summary>Asserts that a scrape of a registry matches an expected text.</summary>
    /// <inheritdoc cref="RegistryComparison.Compare"/>
    /// <exception cref="ScrapeMismatchException">It does not match; the message lists the differences.</exception>
    /// <example><code>ScrapeAssert.Equal("orders_total 1", registry, "orders_total");</code></example>
    public static void Equal(string expected, Registry registry, params string[] families) =>
        ThrowIfAny(registry.Compare(expected, families));

    /// <summary>Asserts that a scrape received over HTTP matches an expected text, by the same rules.</summary>
    /// <param name="expected">The expected text, in Prometheus text format or OpenMetrics.</param>
    /// <param name="actual">The scrape, in either format.</param>
    /// <param name="families">The names of the families to compare; if none is named, all of both texts.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The expected text breaks a rule of its format.</exception>
    /// <exception cref="ScrapeFormatException">The scrape breaks a rule of its format.</exception>
    /// <exception cref="ScrapeMismatchException">It does not match; the message lists the differences.</exception>
    /// <example><code>
    /// ScrapeAssert.Equal("orders_total 1", await client.GetStringAsync("/metrics"), "orders_total");
    /// </code></example>
    public static void Equal(string expected, string actual, params string[] families) =>
        ThrowIfAny(ParsedScrape.Parse(actual).Compare(expected, families));

    private static void ThrowIfAny(string difference)
    {
        if (difference.Length > 0)
            throw new ScrapeMismatchException(difference);
    }
}
