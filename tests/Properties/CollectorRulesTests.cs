using System.Buffers;

namespace Instrumentator.Properties;

/// <summary>A collector whose families no reader could accept fails the whole scrape, and the error names it.</summary>
public class CollectorRulesTests
{
    private static readonly FamilyDefinition _gauge = new("theirs", "Help.", MetricKind.Gauge, ["x"], []);
    private static readonly FamilyDefinition _histogram = new("theirs", "Help.", MetricKind.Histogram, ["x"], [1, 2]);
    private static readonly LabelSet _labels = new(["x"], ["1"]);
    private static readonly SampleValue _one = new SampleValue.Gauge(1);

    /// <summary>Each kind of error, and a part of its message.</summary>
    public static TheoryData<string, string> Errors =>
        new()
        {
            { "no list", "In its families: they are null." },
            { "no family", "In its family at index 1: it is null" },
            { "no definition", "In its family at index 0: it is null" },
            { "no help", "its help, its label names or its buckets are null" },
            { "no name", "The metric name \"\" is invalid" },
            { "another kind", "its kind is 99, which is not a value of MetricKind" },
            { "a label twice", "The label name \"x\" of theirs occurs 2 times" },
            { "a family twice", "the name occurs twice" },
            { "no series", "its series are null" },
            { "a null series", "one of its series is null, or its labels or value are" },
            { "no labels", "one of its series is null, or its labels or value are" },
            { "no value", "one of its series is null, or its labels or value are" },
            {
                "other labels",
                "in its series {\"a b\"=\"1\"}, the labels differ from those of the family, which is possible only "
                    + "with unescaped names. The label name \"a b\""
            },
            { "a label of the series twice", "The label name \"y\" of theirs occurs 2 times" },
            { "a value of another kind", "the value is a Counter, which does not fit a Gauge" },
            { "too few counts", "in its series {x=\"1\"}, there are 2 counts, but 2 buckets and that of +Inf" },
            { "too many counts", "there are 3 counts, but 1 buckets" },
            { "no counts", "a list is null" },
            { "no quantiles", "the quantiles are null" },
            { "falling buckets", "the buckets are [2, 1]: use finite upper bounds" },
            { "falling buckets of a series", "the buckets are [2, 1]: use finite upper bounds" },
        };

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task A_scrape_with_a_family_that_does_not_fit_fails_and_names_source_family_and_rule(
        string which, string message)
    {
        var registry = new Registry().Include(new Source(Families(which)!));
        registry.Counter("ours", "Help.").Increment();

        foreach (var format in ExpositionFormat.All)
        {
            var output = new ArrayBufferWriter<byte>();
            var error = await Assert.ThrowsAsync<InvalidOperationException>(
                async () => await format.WriteAsync(registry, output, TestContext.Current.CancellationToken));

            Assert.StartsWith(
                "Instrumentator.Properties.CollectorRulesTests+Source returned invalid metrics. In ",
                error.Message,
                StringComparison.Ordinal);
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
            Assert.Equal(0, output.WrittenCount);
        }
        Assert.Throws<InvalidOperationException>(registry.Scrape);
    }

    [Property]
    public void Families_of_a_registry_or_another_library_are_accepted(Snapshot snapshot) =>
        Assert.Equal(snapshot, new Registry().Include(new Source(snapshot.Families)).Scrape());

    [Fact]
    public void Series_may_have_other_labels_than_their_family_if_all_readers_accept_them()
    {
        var family = Of(_gauge, (_labels, _one), (new(["y", "z"], ["1", "2"]), _one), (LabelSet.Empty, _one));
        Assert.Equal([family], new Registry().Include(new Source([family])).Scrape().Families);
    }

    private static ValueList<FamilySnapshot>? Families(string error) => error switch
    {
        "no list" => null,
        "no family" => [Of(_gauge), null!],
        "no definition" => [Of(null!)],
        "no help" => [Of(_gauge with { Help = null! })],
        "no name" => [Of(_gauge with { Name = "" })],
        "another kind" => [Of(_gauge with { Kind = (MetricKind)99 })],
        "a label twice" => [Of(_gauge with { LabelNames = ["x", "x"] })],
        "a family twice" => [Of(_gauge, (_labels, _one)), Of(_gauge with { Help = "Other help." })],
        "no series" => [new(_gauge, null!)],
        "a null series" => [new(_gauge, [null!])],
        "no labels" => [Of(_gauge, (null!, _one))],
        "no value" => [Of(_gauge, (_labels, null!))],
        "other labels" => [Of(_gauge, (_labels, _one), (new(["a b"], ["1"]), _one))],
        "a label of the series twice" => [Of(_gauge, (new(["y", "y"], ["1", "2"]), _one))],
        "a value of another kind" => [Of(_gauge, (_labels, new SampleValue.Counter(1)))],
        "too few counts" => [Of(_histogram, (_labels, new SampleValue.Histogram([1, 2], 3)))],
        "too many counts" => [Of(_histogram, (_labels, new SampleValue.Histogram([1, 2, 3], 3) { Buckets = [1] }))],
        "no counts" => [Of(_histogram, (_labels, new SampleValue.Histogram(null!, 3)))],
        "no quantiles" =>
        [
            Of(
                _gauge with { Kind = MetricKind.Summary },
                (_labels, new SampleValue.Summary(1, 1) { Quantiles = null! })),
        ],
        "falling buckets" => [Of(_histogram with { Buckets = [2, 1] })],
        _ => [Of(_histogram, (_labels, new SampleValue.Histogram([1, 2, 3], 3) { Buckets = [2, 1] }))],
    };

    private static FamilySnapshot Of(
        FamilyDefinition definition, params (LabelSet Labels, SampleValue Value)[] series) =>
        new(definition, ValueList.From(series.Select(one => new Sample(one.Labels, one.Value))));

    private sealed class Source(ValueList<FamilySnapshot> families) : IMetricCollector
    {
        public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(families);
    }
}
