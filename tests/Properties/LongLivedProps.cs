namespace Instrumentator.Properties;

/// <summary>Long-lived requests among others, recorded: in every metric but those of latencies, and in the histogram of
/// their own.</summary>
public class LongLivedProps
{
    private static Gen<List<RequestFacts>> Requests =>
        (from facts in Generators.Facts.Generator
         from isLongLived in Gen.Frequency((2, Gen.Constant(false)), (1, Gen.Constant(true)))
         select facts with { IsLongLived = isLongLived }).ListOf();

    [Property]
    public Property They_are_counted_with_all_others_and_their_durations_apart() =>
        Prop.ForAll(Arb.From(Gen.Zip(Requests, Configs(new LongLivedOptions()))), one =>
        {
            var (requests, config) = one;
            var (mixed, all, plain) = (
                Record(requests, config),
                Record(requests.ConvertAll(AsPlain), config),
                Record(requests.FindAll(facts => !facts.IsLongLived), config));

            Assert.Equal(Families(all, "total", "bytes"), Families(mixed, "total", "bytes"));
            Assert.Equal(
                Families(plain, "request_duration_highr_seconds", "http_request_duration_seconds"),
                Families(mixed, "request_duration_highr_seconds", "http_request_duration_seconds"));
            Assert.Equal(
                Lifetimes(requests, config),
                from family in Families(mixed, "long_lived_request_duration_seconds")
                from sample in family.Samples
                select (sample.Labels.Values[0], ((SampleValue.Histogram)sample.Value).Count));
            Assert.All(
                Families(mixed, "inprogress").SelectMany(family => family.Samples),
                sample => Assert.Equal(0, ((SampleValue.Gauge)sample.Value).Value));
        });

    [Property]
    public Property If_LongLived_is_null_long_lived_requests_are_recorded_like_any_other() =>
        Prop.ForAll(Arb.From(Gen.Zip(Requests, Configs(null))), one =>
            Assert.Equal(Record(one.Item1.ConvertAll(AsPlain), one.Item2), Record(one.Item1, one.Item2)));

    private static RequestFacts AsPlain(RequestFacts facts) => facts with { IsLongLived = false };

    private static Gen<Config> Configs(LongLivedOptions? options) =>
        Generators.ValidConfigs.Select(config =>
            config with
            {
                LongLived = options,
                InProgress = null,
                Untemplated = Untemplated.Group(),
            });

    private static IEnumerable<(string Handler, long Count)> Lifetimes(List<RequestFacts> requests, Config config) =>
        requests.Where(facts => facts.IsLongLived).Select(facts => Info.From(facts, config)).OfType<Info>()
            .CountBy(info => LabelValues.Clean([info.Handler])[0]).Select(one => (one.Key, (long)one.Value));

    private static IEnumerable<FamilySnapshot> Families(
        ValueList<FamilySnapshot> families,
        params string[] suffixes
    ) =>
        families.Where(family =>
            Array.Exists(suffixes, suffix => family.Definition.Name.EndsWith(suffix, StringComparison.Ordinal)));

    private static ValueList<FamilySnapshot> Record(List<RequestFacts> requests, Config config)
    {
        var registry = new Registry();
        var recorder = new Recorder(
            new() { Config = config, Registry = registry },
            (_, exception) => Assert.Fail(exception.ToString()));
        foreach (var facts in requests)
        {
            var route = string.IsNullOrEmpty(facts.Template)
                ? recorder.Untemplated(facts.Path ?? "")
                : recorder.Templated(facts.Template, facts.RouteValues);
            if (route.IsMeasured)
                recorder.Record(route, facts);
        }
        return registry.Scrape().Families;
    }
}
