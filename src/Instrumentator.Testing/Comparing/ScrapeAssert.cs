namespace Instrumentator.Testing;

/// <summary>Asserts that scrapes are as expected, for any test framework: what is wrong is thrown.</summary>
/// <remarks>Safe for use by many threads.</remarks>
public static class ScrapeAssert
{
    /// <summary>Asserts that a scrape of a registry is as an expected text says.</summary>
    /// <inheritdoc cref="RegistryComparison.Compare"/>
    /// <exception cref="ScrapeMismatchException">It is not; the message is the difference.</exception>
    /// <example><code>ScrapeAssert.Equal("orders_total 1", registry, "orders_total");</code></example>
    public static void Equal(string expected, Registry registry, params string[] families) => ThrowIfAny(registry.Compare(expected, families));

    /// <summary>Asserts that a scrape that came over HTTP is as an expected text says.</summary>
    /// <param name="expected">What is expected, in Prometheus's format or in OpenMetrics.</param>
    /// <param name="actual">The scrape, in either format.</param>
    /// <param name="families">The names of the families that are compared; all of both texts where none is named.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The expected text breaks a rule of its format.</exception>
    /// <exception cref="ScrapeFormatException">The scrape breaks a rule of its format.</exception>
    /// <exception cref="ScrapeMismatchException">It is not; the message is the difference.</exception>
    /// <example><code>ScrapeAssert.Equal("orders_total 1", await client.GetStringAsync("/metrics"), "orders_total");</code></example>
    public static void Equal(string expected, string actual, params string[] families) => ThrowIfAny(ParsedScrape.Parse(actual).Compare(expected, families));

    private static void ThrowIfAny(string difference)
    {
        if (difference.Length > 0)
            throw new ScrapeMismatchException(difference);
    }
}
