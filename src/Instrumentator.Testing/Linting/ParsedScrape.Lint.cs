namespace Instrumentator.Testing;

public sealed partial record ParsedScrape
{
    /// <summary>Returns where the metrics of this scrape break Prometheus's conventions for names, units, types, labels
    /// and help.</summary>
    /// <inheritdoc cref="RegistryLint.Lint"/>
    /// <example><code>
    /// Assert.Empty(ParsedScrape.Parse(await client.GetStringAsync("/metrics")).Lint());
    /// </code></example>
    public ValueList<string> Lint() => ValueList.From(
        from family in Families
        from remark in LintRules.Remarks(family)
        select $"{family.PrometheusName}: {remark}");
}
