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
            {
                "names that are one",
                "In Gauge a_b \"Help.\" with labels [x]: its samples have the name a_b, at least for readers of "
                    + "escaped names, and so have those of Gauge a.b \"Help.\" with labels [x]. Rename one of them."
            },
            { "the name of a count", "its samples have the name theirs_count, " },
            { "labels that are one", "The label names \"a.b\" and \"a_b\" of theirs are both \"a_b\" after escaping" },
            { "labels of a series that are one", "The label names \"a.b\" and \"a_b\" of theirs are both \"a_b\"" },
            { "a series twice", "its series {x=\"1\"} occurs twice" },
            { "a series twice, in another order", "its series {z=\"3\",y=\"2\"} occurs twice" },
            { "a series twice, with an empty label", "its series {x=\"1\",y=\"\"} occurs twice" },
            { "a rank twice", "two quantiles have the same rank" },
            { "a negative count of a summary", "the count is -5: use the number of observations" },
            { "a negative count", "the counts are [5, -3, 1]: use those of each bucket alone, 0 or more" },
            { "too many observations", "and at most 2^63 - 1 together" },
            { "a finer schema", "in its series {x=\"1\"}, the schema of the native buckets is 9: use -4 to 8" },
            { "a coarser schema", "the schema of the native buckets is -5" },
            { "native buckets out of order", "the native bucket 4 is out of place: use each index once" },
            { "a native bucket twice", "the native bucket 5 is out of place" },
            { "a native bucket beyond all numbers", "is out of place: use each index once, in increasing order, " },
            { "a native bucket below all numbers", "the native bucket -2147483648 is out of place" },
            { "a negative native count", "a native bucket has a count below 0" },
            { "a negative zero count", "a native bucket has a count below 0" },
            { "too few native observations", "the native buckets have 5 observations, but the classic ones 6" },
            { "too many native observations", "the native buckets have 7 observations, but the classic ones 6" },
            { "a zero threshold that is no number", "the zero threshold is NaN" },
            { "a negative zero threshold", "the zero threshold is -1" },
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

    // The rules of Prometheus, in the words of its data model.
    [Property(MaxTest = 2_000)]
    public Property A_native_histogram_passes_if_Prometheus_would_accept_it()
    {
        var counts = Gen.Elements(0L, 1, 1, 2, 2, 3, 6, -1);
        var buckets = Gen.Zip(Gen.Elements(-7, 1, 2, 3, 4, 1_025), counts).ListOf(2)
            .Select(pairs => pairs.ConvertAll(pair => new NativeBucket(pair.Item1, pair.Item2)));
        var natives =
            from schema in Gen.Elements(-5, -4, 0, 3, 8, 9)
            from threshold in Gen.Elements(0, 0, 1e-9, -1, double.PositiveInfinity)
            from zero in counts
            from positive in buckets
            from negative in Gen.OneOf(buckets, Gen.Constant(new List<NativeBucket>()))
            from sum in Gen.Elements(1, double.NaN)
            select (Native: new NativeHistogram(
                schema, threshold, zero, ValueList.From(negative), ValueList.From(positive)), Sum: sum);
        return Prop.ForAll(Arb.From(natives), one =>
        {
            var (native, sum) = one;
            var all = native.Negative.Concat(native.Positive).ToArray();
            var total = native.ZeroCount + all.Sum(bucket => bucket.Count);
            var isValid = native.Schema is >= -4 and <= 8
                && double.IsFinite(native.ZeroThreshold) && native.ZeroThreshold >= 0
                && all.All(bucket => bucket.Count >= 0 && bucket.Index <= (native.Schema < 0 ? 65 : 1_025))
                && native.ZeroCount >= 0
                && new[] { native.Negative, native.Positive }.All(side =>
                    side.Select(bucket => bucket.Index).SequenceEqual(
                        side.Select(bucket => bucket.Index).Distinct().Order()))
                && (double.IsNaN(sum) ? total <= 6 : total == 6);
            var registry = new Registry().Include(new Source([OfNative(native, sum)]));
            Assert.Equal(isValid, Record.Exception(() => registry.Scrape()) is null);
        });
    }

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
        "names that are one" => [Of(_gauge with { Name = "a.b" }), Of(_gauge with { Name = "a_b" })],
        "the name of a count" => [Of(_histogram), Of(_gauge with { Name = "theirs_count" })],
        "labels that are one" => [Of(_gauge with { LabelNames = ["a.b", "a_b"] })],
        "labels of a series that are one" =>
            [Of(_gauge with { LabelNames = ["a.b"] }, (new(["a_b"], ["1"]), _one))],
        "a series twice" => [Of(_gauge, (_labels, _one), (new(["x"], ["2"]), _one), (new(["x"], ["1"]), _one))],
        "a series twice, in another order" =>
            [Of(_gauge, (new(["y", "z"], ["2", "3"]), _one), (new(["z", "y"], ["3", "2"]), _one))],
        "a series twice, with an empty label" =>
            [Of(_gauge, (_labels, _one), (new(["x", "y"], ["1", ""]), _one))],
        "a rank twice" => [OfSummary(new SampleValue.Summary(1, 1) { Quantiles = [new(0.5, 1), new(0.5, 2)] })],
        "a negative count of a summary" => [OfSummary(new SampleValue.Summary(-5, 1))],
        "a negative count" => [Of(_histogram, (_labels, new SampleValue.Histogram([5, -3, 1], 3)))],
        "too many observations" =>
            [Of(_histogram, (_labels, new SampleValue.Histogram([long.MaxValue, 0, 1], 3)))],
        "a finer schema" => [OfNative(new(9, 0, 0, [], [new(1, 6)]))],
        "a coarser schema" => [OfNative(new(-5, 0, 0, [], [new(1, 6)]))],
        "native buckets out of order" => [OfNative(new(3, 0, 0, [], [new(5, 3), new(4, 3)]))],
        "a native bucket twice" => [OfNative(new(3, 0, 0, [new(5, 3), new(5, 3)], []))],
        "a native bucket beyond all numbers" => [OfNative(new(0, 0, 0, [], [new(1_026, 6)]))],
        "a native bucket below all numbers" => [OfNative(new(3, 0, 0, [], [new(int.MinValue, 6)]))],
        "a negative native count" => [OfNative(new(3, 0, 0, [], [new(5, -2), new(6, 8)]))],
        "a negative zero count" => [OfNative(new(3, 0, -1, [], [new(5, 7)]))],
        "too few native observations" => [OfNative(new(3, 0, 1, [new(5, 2)], [new(5, 2)]))],
        "too many native observations" => [OfNative(new(3, 0, 1, [new(5, 2)], [new(5, 4)]))],
        "a zero threshold that is no number" => [OfNative(new(3, double.NaN, 0, [], [new(1, 6)]))],
        "a negative zero threshold" => [OfNative(new(3, -1, 0, [], [new(1, 6)]))],
        "falling buckets" => [Of(_histogram with { Buckets = [2, 1] })],
        _ => [Of(_histogram, (_labels, new SampleValue.Histogram([1, 2, 3], 3) { Buckets = [2, 1] }))],
    };

    private static FamilySnapshot OfSummary(SampleValue.Summary summary) =>
        Of(_gauge with { Kind = MetricKind.Summary }, (_labels, summary));

    private static FamilySnapshot OfNative(NativeHistogram native, double sum = 9) =>
        Of(_histogram, (_labels, new SampleValue.Histogram([1, 2, 3], sum) { Native = native }));

    private static FamilySnapshot Of(
        FamilyDefinition definition, params (LabelSet Labels, SampleValue Value)[] series) =>
        new(definition, ValueList.From(series.Select(one => new Sample(one.Labels, one.Value))));

    private sealed class Source(ValueList<FamilySnapshot> families) : IMetricCollector
    {
        public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(families);
    }
}
