namespace Instrumentator.Testing;

public sealed partial record ParsedScrape
{
    /// <summary>What Prometheus's conventions say against the metrics of this scrape: names, units, types, labels, help.</summary>
    /// <inheritdoc cref="RegistryLint.Lint"/>
    /// <example><code>Assert.Empty(ParsedScrape.Parse(await client.GetStringAsync("/metrics")).Lint());</code></example>
    public ValueList<string> Lint() => ValueList.From(
        from family in Families
        from remark in LintRules.Remarks(family)
        select $"{family.PrometheusName}: {remark}");
}
