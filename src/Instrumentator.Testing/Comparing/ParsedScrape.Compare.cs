namespace Instrumentator.Testing;

public sealed partial record ParsedScrape
{
    /// <summary>Returns the differences between this scrape and an expected text.</summary>
    /// <param name="expected">The expected text, in either format regardless of the format of the scrape: Prometheus
    /// text, or OpenMetrics with <c># EOF</c> as its last line. Lines may be indented.</param>
    /// <param name="families">The names of the families to compare; if none is named, all families of both.</param>
    /// <inheritdoc cref="RegistryComparison.Compare"/>
    /// <example><code>
    /// Assert.Empty(ParsedScrape.Parse(await client.GetStringAsync("/metrics"))
    ///     .Compare("orders_total 1", "orders_total"));
    /// </code></example>
    public string Compare(string expected, params string[] families)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(families);
        return string.Join('\n', new Comparison(ExpectedText.Parse(expected), this).Differences(families));
    }
}
