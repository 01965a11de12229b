namespace Instrumentator.Testing;

public sealed partial record ParsedScrape
{
    /// <summary>What is different between this scrape and an expected text.</summary>
    /// <param name="expected">What is expected: Prometheus text, or OpenMetrics with <c># EOF</c> as its last line, whichever format the scrape has. Lines may be indented.</param>
    /// <param name="families">The names of the families that are compared; all of both where none is named.</param>
    /// <inheritdoc cref="RegistryComparison.Compare"/>
    /// <example><code>Assert.Empty(ParsedScrape.Parse(await client.GetStringAsync("/metrics")).Compare("orders_total 1", "orders_total"));</code></example>
    public string Compare(string expected, params string[] families)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(families);
        return string.Join('\n', new Comparison(ExpectedText.Parse(expected), this).Differences(families));
    }
}
