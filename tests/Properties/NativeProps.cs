using System.Numerics;
using Instrumentator.Properties.Reference;

namespace Instrumentator.Properties;

/// <summary>Native buckets, as defined in https://prometheus.io/docs/specs/native_histograms/.</summary>
public class NativeProps
{
    private static Gen<double> Observations => Gen.OneOf(
        Generators.Doubles.Generator,
        Gen.Choose(1, 100_000).Select(microseconds => microseconds / 1e6),
        from power in Gen.Choose(-1_074, 1_023)
        from step in Gen.Choose(-1, 1)
        let number = Math.ScaleB(1, power)
        select step < 0 ? Math.BitDecrement(number) : step > 0 ? -Math.BitIncrement(number) : number);

    private static Gen<NativeBuckets> Choices =>
        from schema in Gen.Choose(-4, 8)
        from threshold in Gen.Elements(0, new NativeBuckets().ZeroThreshold, 0.001, 1, 1e300)
        from most in Gen.Elements(1, 2, 5, 20, 160)
        select new NativeBuckets { Schema = schema, ZeroThreshold = threshold, MaxBuckets = most };

    private static Gen<(NativeBuckets, ValueList<double>, IReadOnlyList<double>)> Histograms =>
        from buckets in Choices
        from bounds in Gen.OneOf(Generators.BucketLists, Gen.Constant<ValueList<double>>([]))
        from values in Gen.OneOf(Observations.ListOf(), Observations.ListOf(50))
        select (buckets, bounds, (IReadOnlyList<double>)[.. values]);

    [Property(MaxTest = 2_000)]
    public Property A_number_falls_into_the_bucket_that_the_specification_defines() =>
        Prop.ForAll(
            Arb.From(Gen.Zip(Observations.Where(number => number > 0), Gen.Choose(-4, 8))),
            one => Assert.Equal(
                NaiveNative.IndexOf(one.Item1, one.Item2), NativeKey.IndexOf(one.Item1, one.Item2)));

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(2, 0, 1)]
    [InlineData(2.0000000000000004, 0, 2)]
    [InlineData(1.5, 0, 1)]
    [InlineData(0.5, 0, -1)]
    [InlineData(0.75, 3, -3)]
    [InlineData(double.Epsilon, 8, -274_944)]
    [InlineData(double.Epsilon, -4, -67)]
    [InlineData(65_536, -4, 1)]
    [InlineData(65_537, -4, 2)]
    [InlineData(double.MaxValue, 8, 262_144)]
    [InlineData(double.PositiveInfinity, 8, 262_145)]
    [InlineData(double.MaxValue, -4, 64)]
    [InlineData(double.PositiveInfinity, -4, 65)]
    public void Known_numbers_are_in_known_buckets(double number, int schema, int index)
    {
        Assert.Equal(index, NativeKey.IndexOf(number, schema));
        Assert.Equal(index, NaiveNative.IndexOf(number, schema));
    }

    [Fact]
    public void Upper_bounds_are_the_largest_doubles_not_above_the_exact_roots() =>
        Assert.All(Enumerable.Range(0, 257), i =>
        {
            // The last double of a bucket in the table, and the next double: their 256th powers are on both sides
            // of 2^i.
            var end = Enumerable.Range(0, 52)
                .Reverse()
                .Aggregate(
                    0L,
                    (bits, bit) => NativeBounds.Find(bits | (1L << bit)) <= i ? bits | (1L << bit) : bits);
            var number = new BigInteger(end + (1L << 52));
            var power = BigInteger.One << (i + (52 * 256));
            Assert.True(BigInteger.Pow(number, 256) <= power);
            Assert.True(i == 256 || BigInteger.Pow(number + 1, 256) > power);
        });

    [Property]
    public Property Observations_of_one_thread_match_the_naive_reference() =>
        Prop.ForAll(Arb.From(Histograms), one =>
        {
            var (buckets, bounds, values) = one;
            var registry = new Registry();
            var options = new HistogramOptions { Native = buckets, Buckets = bounds };
            var histogram = registry.Histogram("a", "Help.", options);
            foreach (var value in values)
                histogram.Observe(value);

            var read = Assert.IsType<SampleValue.Histogram>(registry.Scrape().Find("a"));
            Assert.Equal(NaiveNative.Of(buckets, values), read.Native);
            Assert.Equal(values.Count, histogram.Count);
        });

    [Property]
    public Property Classic_buckets_and_the_sum_match_those_of_a_classic_histogram() =>
        Prop.ForAll(Arb.From(Histograms), one =>
        {
            var (buckets, bounds, values) = one;
            var registry = new Registry();
            var (both, classic) = (
                registry.Histogram("both", "Help.", new HistogramOptions { Native = buckets, Buckets = bounds }),
                registry.Histogram("classic", "Help.", bounds.Count > 0 ? bounds : [0]));
            foreach (var value in values)
            {
                both.Observe(value);
                classic.Observe(value);
            }
            var snapshot = registry.Scrape();
            var (with, without) = (
                Assert.IsType<SampleValue.Histogram>(snapshot.Find("both")),
                Assert.IsType<SampleValue.Histogram>(snapshot.Find("classic")));
            Assert.Equal(bounds.Count > 0 ? without.Counts : [without.Count], with.Counts);
            Assert.Equal(without.Sum, with.Sum);
            Assert.Equal(values.Count(value => !double.IsNaN(value)), CountOf(with.Native!));
        });

    // A few observations count in shared numbers, many in the stripes of each thread.
    [Property]
    public Property Observations_of_several_threads_merge_into_one_histogram() =>
        Prop.ForAll(
            Arb.From(
                from histogram in Histograms
                from threads in Gen.Choose(0, 2).ListOf(50)
                from times in Gen.Elements(1, 300)
                select (histogram, threads, times)),
            one =>
            {
                var ((buckets, bounds, values), threads, times) = one;
                var registry = new Registry();
                var histogram = registry.Histogram(
                    "a", "Help.", new HistogramOptions { Native = buckets, Buckets = bounds });
                Threads.Run(3, thread =>
                {
                    foreach (var (value, by) in values.Zip(threads))
                    {
                        for (var i = 0; i < (by == thread ? times : 0); i++)
                            histogram.Observe(value);
                    }
                });

                var native = Assert.IsType<SampleValue.Histogram>(registry.Scrape().Find("a")).Native!;
                ValueList<double> seen = [.. values.Take(threads.Count).Where(value => !double.IsNaN(value))];
                Assert.Equal(Times(NaiveNative.In(buckets with { Schema = native.Schema }, seen), times), native);
                Assert.True(native.Schema == -4 || native.Negative.Count + native.Positive.Count <= buckets.MaxBuckets);
                Assert.True(native.Schema >= NaiveNative.Of(buckets, seen).Schema);
            });

    [Fact]
    public void Count_and_sum_include_the_observations_of_busy_threads()
    {
        const int Busy = 5_000;
        var cell = new Registry().Histogram("a", "Help.", new HistogramOptions { Native = new(), Buckets = [1] });
        cell.Observe(1);
        Threads.Run(2, _ =>
        {
            for (var i = 0; i < Busy; i++)
                cell.Observe(2);
        });
        cell.Observe(4);
        Assert.Equal((2 + (2 * Busy), 5 + (2 * Busy * 2)), (cell.Count, cell.Sum));
    }

    [Property]
    public Property Buckets_of_negative_numbers_mirror_those_of_positive_ones() =>
        Prop.ForAll(Arb.From(Gen.Choose(-300, 300).Select(power => Math.ScaleB(1.1, power)).ListOf(40)), values =>
        {
            NativeHistogram Read(int sign)
            {
                var registry = new Registry();
                var histogram = registry.Histogram(
                    "a",
                    "Help.",
                    new HistogramOptions { Native = new() { Schema = 8, MaxBuckets = 10 }, Buckets = [] });
                foreach (var value in values)
                    histogram.Observe(sign * value);
                return Assert.IsType<SampleValue.Histogram>(registry.Scrape().Find("a")).Native!;
            }
            var (positive, negative) = (Read(1), Read(-1));
            Assert.Equal((positive.Schema, positive.Positive), (negative.Schema, negative.Negative));
            Assert.Empty(negative.Positive);
        });

    [Fact]
    public void Whatever_is_observed_there_are_few_counts()
    {
        var buckets = new NativeBuckets { Schema = 8, MaxBuckets = 20 };
        var cell = new NativeHistogramCell(new UpperBounds([]), buckets);
        for (var i = 0; i < 20_000; i++)
            cell.Observe(Math.ScaleB(1 + (i % 97 / 97.0), i % 600 - 300));

        // Each schema, from the finest to the coarsest, has at most the maximum number of exposed buckets.
        var (tables, counts) = (cell.Tables.Length, 0);
        foreach (var table in cell.Tables)
            counts += table.Used;
        Assert.InRange(tables, 2, 13);
        Assert.InRange(counts, 1, tables * (buckets.MaxBuckets + 1));
        Assert.Equal(20_000, cell.Count);
    }

    [Fact]
    public void Threads_lose_nothing_while_buckets_become_wider_and_nothing_goes_down()
    {
        const int Times = 20_000;
        var registry = new Registry();
        var histogram = registry.Histogram(
            "a_seconds",
            "Help.",
            new HistogramOptions
            {
                Native = new() { Schema = 8, MaxBuckets = 20 },
                Buckets = [0.5, 1],
            });
        var watch = new ScrapeWatch(registry);
        Threads.Run(
            4,
            thread =>
            {
                for (var i = 1; i <= Times; i++)
                {
                    histogram.Observe(Math.ScaleB(
                        1 + (i % 7 / 8.0),
                        thread % 2 == 0 ? -(i * 60 / Times) : i * 60 / Times));
                }
            },
            watch.Look);

        var read = Assert.IsType<SampleValue.Histogram>(registry.Scrape().Find("a_seconds"));
        Assert.Equal(4 * Times, read.Count);
        Assert.Equal(4 * Times, CountOf(read.Native!));
        Assert.InRange(read.Native!.Positive.Count, 10, 20);
    }

    [Theory]
    [InlineData(1.1, 3)]
    [InlineData(1.0906, 3)]
    [InlineData(1.09, 4)]
    [InlineData(2, 0)]
    [InlineData(4, -1)]
    [InlineData(65_536, -4)]
    [InlineData(1e300, -4)]
    [InlineData(double.PositiveInfinity, -4)]
    [InlineData(1.003, 8)]
    [InlineData(1.0000001, 8)]
    public void A_factor_gives_the_coarsest_schema_that_is_as_fine(double factor, int schema) =>
        Assert.Equal(schema, NativeBuckets.FromFactor(factor).Schema);

    [Fact]
    public void Invalid_native_buckets_are_refused_with_every_error_at_once()
    {
        Assert.All(
            [1, 0.5, double.NaN],
            factor => Assert.Throws<ArgumentOutOfRangeException>(() => NativeBuckets.FromFactor(factor)));
        var refusal = Assert.Throws<InvalidConfigException>(() =>
            new Registry().Histogram(
                "a",
                "Help.",
                new HistogramOptions
                {
                    Native = new()
                    {
                        Schema = 9,
                        ZeroThreshold = double.NaN,
                        MaxBuckets = 0,
                    },
                    Buckets = [2, 1],
                }));
        Assert.Equal(
            [
                "The buckets of a have 1 after 2: list each bound once, in increasing order.",
                "The native buckets of a have the schema 9: use -4 (coarse) to 8 (fine).",
                "The native buckets of a have the zero threshold NaN: use a finite number, 0 or more.",
                "The native buckets of a have the maximum 0: use 1 or more.",
            ],
            refusal.Errors);
    }

    [Fact]
    public void Text_formats_show_the_classic_buckets_or_the_count_alone()
    {
        var registry = new Registry();
        registry
            .Histogram("both_seconds", "Help.", new HistogramOptions { Native = new(), Buckets = [1] })
            .Observe(0.5);
        registry
            .Histogram("native_seconds", "Help.", new HistogramOptions { Native = new(), Buckets = [] })
            .Observe(0.5);
        Assert.Equal(
            """
            # HELP both_seconds Help.
            # TYPE both_seconds histogram
            both_seconds_bucket{le="1.0"} 1
            both_seconds_bucket{le="+Inf"} 1
            both_seconds_count 1
            both_seconds_sum 0.5
            # HELP native_seconds Help.
            # TYPE native_seconds histogram
            native_seconds_bucket{le="+Inf"} 1
            native_seconds_count 1
            native_seconds_sum 0.5

            """.ReplaceLineEndings("\n"),
            registry.ToText());
    }

    [Fact]
    public void Latency_can_be_classic_native_or_both()
    {
        var registry = new Registry();
        Metrics.Latency(new() { Registry = registry, Name = "both", Native = new() })
            .Then(Metrics.Latency(
                new() { Registry = registry, Name = "native", Native = new() { Schema = 5 }, Buckets = [] }))
            .Then(Metrics.Default(new() { Registry = registry, Native = new(), HighResolutionBuckets = [] }))(default);
        Assert.Equal(
            [
                ("both", true, 14),
                ("native", true, 0),
                ("http_requests_total", false, 0),
                ("http_request_size_bytes", false, 0),
                ("http_response_size_bytes", false, 0),
                ("http_request_duration_highr_seconds", true, 0),
                ("http_request_duration_seconds", true, 3),
            ],
            registry.Scrape().Families.Select(family => (
                family.Definition.Name,
                family.Definition.Native is not null,
                family.Definition.Buckets.Count)));
    }

    /// <summary>Returns the histogram with each observation repeated.</summary>
    private static NativeHistogram Times(NativeHistogram once, int times)
    {
        return once with
        {
            ZeroCount = once.ZeroCount * times,
            Negative = Each(once.Negative),
            Positive = Each(once.Positive),
        };

        ValueList<NativeBucket> Each(ValueList<NativeBucket> buckets) =>
            ValueList.From(buckets.Select(bucket => bucket with { Count = bucket.Count * times }));
    }

    private static long CountOf(NativeHistogram native) =>
        native.ZeroCount + native.Negative.Sum(bucket => bucket.Count) + native.Positive.Sum(bucket => bucket.Count);
}
