using Microsoft.Extensions.Configuration;

namespace Instrumentator.Properties;

/// <summary>The section of a configuration: what is written is what is read.</summary>
public class ConfigurationProps
{
    [Property]
    public Property Any_valid_app_that_is_written_to_a_configuration_is_read_back_equal() =>
        Prop.ForAll(Apps, app =>
        {
            var (read, errors) = ConfigurationReader.Read(
                ConfigurationWriter.Section(ConfigurationWriter.Write(app)), Empty(app));

            Assert.Empty(errors);
            Assert.Equal(app, read);
        });

    [Property(MaxTest = 100)]
    public Property A_section_that_has_every_key_leaves_nothing_of_the_app_before_it() =>
        Prop.ForAll(Apps, Apps, (app, start) =>
        {
            var before = start with
            {
                Instrumentation = start.Instrumentation.WithRegistry(app.Instrumentation.Registry) with
                {
                    SeriesLimits = [],
                },
            };

            var (read, _) = ConfigurationReader.Read(
                ConfigurationWriter.Section(ConfigurationWriter.Write(app)), before);

            Assert.Equal(app, read);
        });

    [Property(MaxTest = 100)]
    public Property Keys_may_be_in_any_case_and_under_any_culture() =>
        Prop.ForAll(Apps, Arb.From(Gen.Elements("tr-TR", "de-DE", "fa-IR")), (app, culture) =>
        {
            var entries = ConfigurationWriter
                .Section(ConfigurationWriter.Write(app))
                .AsEnumerable()
                .Where(one => !one.Key.Contains("SeriesLimits", StringComparison.Ordinal))
                .Select(one => KeyValuePair.Create(one.Key.ToUpperInvariant(), one.Value));
            var expected = app with { Instrumentation = app.Instrumentation with { SeriesLimits = [] } };

            var (read, errors) = Culture.Run(culture, () => ConfigurationReader.Read(
                new ConfigurationBuilder().AddInMemoryCollection(entries).Build().GetSection("Instrumentator"),
                Empty(app)));

            Assert.Empty(errors);
            Assert.Equal(expected, read);
        });

    [Property(MaxTest = 100)]
    public Property A_change_of_any_rule_applies_at_once_and_one_of_families_or_scrapes_is_kept_and_told() =>
        Prop.ForAll(Apps, Apps, (old, app) =>
        {
            var next = app with
            {
                Instrumentation = app.Instrumentation.WithRegistry(old.Instrumentation.Registry),
            };
            List<string> kept = [];

            var used = InstrumentatorKeys.All.Keep(old, next, "I", needsRestart: false, kept);

            Assert.Equal(old.Scrape, used.Scrape);
            Assert.Equal(Families(old.Instrumentation), Families(used.Instrumentation));
            Assert.Equal(OfRequests(next), OfRequests(used));
            Assert.Equal(
                old.Instrumentation.Config.InitializeSeries, used.Instrumentation.Config.InitializeSeries);
            Assert.Equal(
                old.Scrape != next.Scrape,
                kept.Exists(path => path.StartsWith("I:Scrape:", StringComparison.Ordinal)));
            Assert.Equal(
                Families(old.Instrumentation).Equals(Families(next.Instrumentation)),
                kept.TrueForAll(path => !_families.Exists(one => path.StartsWith(one, StringComparison.Ordinal))));
        });

    private static readonly List<string> _families = ["I:DefaultMetrics", "I:InProgress", "I:LongLived"];

    // The rules that are read for each request, and not when the app starts.
    private static Config OfRequests(ConfiguredApp app) => app.Instrumentation.Config with
    {
        InProgress = null,
        LongLived = null,
        EnabledBy = null,
        InitializeSeries = false,
    };

    private static Arbitrary<ConfiguredApp> Apps => Arb.From(Generators.ConfiguredApps);

    private static ConfiguredApp Empty(ConfiguredApp app) =>
        new(Instrumentation.Default.WithRegistry(app.Instrumentation.Registry), new());

    private static object Families(Instrumentation it) => (
        it.DefaultMetrics with { OnlySuccessInHighResolution = false, ExcludeStreamingDuration = false },
        it.Config.InProgress,
        it.Config.LongLived is { } longLived ? longLived with { ContentTypes = [] } : null);
}
