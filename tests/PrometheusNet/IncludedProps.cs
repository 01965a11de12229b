using Instrumentator.Properties;
using Instrumentator.Properties.Reference;
using Prometheus;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>A scrape shows exactly what an app records with prometheus-net.</summary>
public class IncludedProps
{
    // prometheus-net accepts a counter without the suffix. The naive registry adds the suffix, as our own does.
    private const string Bare = "bare_total";

    private static Gen<IReadOnlyList<Operation>> Programs =>
        from definitions in Generators
            .DefinitionsOf(
                Gen.Elements("a", "b_seconds", "c_total", "d_total", Bare), Helps, Generators.BucketLists)
            .NonEmptyListOf()
        let known = definitions.Select(WithKindOfName).DistinctBy(one => one.Name).ToArray()
        from writes in Generators
            .Writes(Gen.Elements(known.Select(one => one.Name)), Generators.ExactAmounts)
            .Where(HasShortValues)
            .ListOf()
        select (IReadOnlyList<Operation>)[.. known.Select(one => new Operation.Register(one)), .. writes];

    // prometheus-net does not escape help texts.
    private static Gen<string> Helps =>
        Generators.Texts.Generator.Select(text => text.Replace('\\', '/').Replace('\n', ' '));

    // Only the values of our own families are cut.
    private static bool HasShortValues(Operation operation) =>
        operation is not Operation.Write write || write.Values.All(value => value is null or { Length: < 1_024 });

    [Property(MaxTest = 500)]
    public Property A_scrape_of_any_program_shows_the_recorded_values() =>
        Prop.ForAll(Arb.From(Programs), operations =>
        {
            var (collectors, naive) = (
                new CollectorRegistry(), new NaiveRegistry(int.MaxValue, CollectorRegistryContract.Differences));
            var program = new CollectorProgram(collectors);
            foreach (var operation in operations)
            {
                program.Run(operation);
                naive.Run(operation);
            }
            var expected = naive.Read().Families.Select(CollectorRegistryContract.Differences.Seen).Select(AsIncluded);
            Assert.Equal(expected, new Registry().Include(collectors).Scrape().Families);
        });

    [Fact]
    public void Values_only_go_up_in_scrapes_while_threads_write()
    {
        const int Times = 20_000;
        var collectors = new CollectorRegistry();
        var factory = Prometheus.Metrics.WithCustomRegistry(collectors);
        var counters = factory.CreateCounter("a_total", "Help.", "x");
        var histograms = factory.CreateHistogram(
            "b", "Help.", ["x"], new HistogramConfiguration { Buckets = [1, 2, 3] });
        var summary = factory.CreateSummary("c", "Help.");
        var registry = new Registry().Include(collectors);
        var watch = new ScrapeWatch(registry);
        Threads.Run(4, thread =>
        {
            for (var i = 0; i < Times; i++)
            {
                counters.WithLabels($"{i % 10}").Inc();
                histograms.WithLabels($"{i % 10}").Observe(i % 5);
                summary.Observe(2);
            }
        }, meanwhile: watch.Look);
        var snapshot = registry.Scrape();
        Assert.Equal(4 * Times, snapshot.Families[0].Samples.Sum(sample => ((SampleValue.Counter)sample.Value).Value));
        Assert.Equal(
            4 * Times, snapshot.Families[1].Samples.Sum(sample => ((SampleValue.Histogram)sample.Value).Count));
        Assert.Equal(new SampleValue.Summary(4 * Times, 8 * Times), snapshot.Find("c"));
    }

    /// <summary>Changes the kind to match the name: counters have the suffix, other kinds do not.</summary>
    private static FamilyDefinition WithKindOfName(FamilyDefinition definition) =>
        definition.Kind == MetricKind.Counter == definition.Name.EndsWith("_total", StringComparison.Ordinal)
            ? definition
            : definition.Kind == MetricKind.Counter ? definition with { Kind = MetricKind.Gauge }
            : definition with { Kind = MetricKind.Counter, Buckets = [] };

    private static FamilySnapshot AsIncluded(FamilySnapshot family) => family with
    {
        Definition = family.Definition with
        {
            Name = CollectorProgram.NameOf(family.Definition.Name),
            Help = SlowWriter.Clean(family.Definition.Help),
        },
    };

    /// <summary>Runs operations on prometheus-net, as a <see cref="Program"/> runs them on our registry.</summary>
    private sealed class CollectorProgram(CollectorRegistry collectors)
    {
        private readonly MetricFactory _factory = Prometheus.Metrics.WithCustomRegistry(collectors);
        private readonly Dictionary<string, (FamilyDefinition Definition, Collector Collector)> _known =
            new(StringComparer.Ordinal);

        public static string NameOf(string name) => name == Bare ? "bare" : name;

        public void Run(Operation operation)
        {
            if (operation is Operation.Register { Definition: var definition })
            {
                _known[definition.Name] =
                    (definition, Create(definition, NameOf(definition.Name), [.. definition.LabelNames]));
            }
            else if (operation is Operation.Write write)
            {
                Write(
                    _known[write.Name].Collector,
                    write,
                    [.. write.Values.Take(_known[write.Name].Definition.LabelNames.Count).Select(SlowWriter.Clean)]);
            }
        }

        private Collector Create(FamilyDefinition definition, string name, string[] labels) => definition.Kind switch
        {
            MetricKind.Counter => _factory.CreateCounter(name, definition.Help, labels),
            MetricKind.Gauge => _factory.CreateGauge(name, definition.Help, labels),
            MetricKind.Histogram => _factory.CreateHistogram(
                name, definition.Help, labels, new HistogramConfiguration { Buckets = [.. definition.Buckets] }),
            _ => _factory.CreateSummary(name, definition.Help, labels),
        };

        private static void Write(Collector collector, Operation.Write write, string[] values)
        {
            switch (collector)
            {
                case Prometheus.Counter counters when write.Otherwise:
                    counters.WithLabels(values).Inc();
                    break;
                case Prometheus.Counter counters when write.Amount >= 0 && double.IsFinite(write.Amount):
                    counters.WithLabels(values).Inc(write.Amount);
                    break;
                case Prometheus.Gauge gauges when write.Otherwise:
                    gauges.WithLabels(values).Set(write.Amount);
                    break;
                case Prometheus.Gauge gauges:
                    gauges.WithLabels(values).Inc(write.Amount);
                    break;
                case Prometheus.Histogram histograms:
                    histograms.WithLabels(values).Observe(write.Amount);
                    break;
                case Prometheus.Summary summaries:
                    summaries.WithLabels(values).Observe(
                        write.Otherwise && double.IsFinite(write.Amount) ? (long)write.Amount : write.Amount);
                    break;
            }
        }
    }
}
