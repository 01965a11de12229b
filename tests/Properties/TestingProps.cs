using Instrumentator.Testing;

namespace Instrumentator.Properties;

/// <summary>The values that tests read from a registry equal those in the text of its scrape.</summary>
public class TestingProps
{
    [Property(MaxTest = 50)]
    public void Every_series_of_a_scrape_has_the_value_that_is_read_from_the_registry(HostileProgram program)
    {
        var registry = new Registry(seriesLimit: 20);
        Program.Run(program.Value, registry);
        var families = ParsedScrape.Prometheus(registry.ToText()).Families;
        foreach (var sample in families.SelectMany(family => family.Samples).Take(50))
            Assert.Equal(sample.Value, registry.Value(sample.Name, [.. sample.Labels]));
    }

    [Property(MaxTest = 100)]
    public void A_scrape_equals_itself_and_no_scrape_with_another_value(Snapshot snapshot)
    {
        var text = ExpositionFormat.Prometheus.ToText(snapshot);
        var scrape = ParsedScrape.Prometheus(text);
        Assert.Empty(scrape.Compare(text));
        foreach (var family in scrape.Families.Where(family => family is { Type: "gauge", Samples.Count: > 0 }))
        {
            var changed = family with
            {
                Samples = [family.Samples[0] with { Value = 12.5 }, .. family.Samples.Skip(1)],
            };
            var other = new ParsedScrape([.. scrape.Families.Select(one => one == family ? changed : one)]);
            Assert.Equal(
                family.Samples[0].Value == 12.5 ? 0 : 2,
                other.Compare(text).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        }
    }
}
