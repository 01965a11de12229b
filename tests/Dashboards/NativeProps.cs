using FsCheck;
using FsCheck.Fluent;
using Instrumentator.Laws;

namespace Instrumentator.Tests;

/// <summary>A histogram with only native buckets is shown in powers of √2.</summary>
public sealed class NativeProps
{
    // Without values at a bound of a bucket, where the last digit of a power decides.
    private static Gen<double> Seconds =>
        from halfPower in Gen.Choose(-30, 18)
        from part in Gen.Choose(1, 99)
        select Math.Pow(2, (halfPower + (part / 100.0)) / 2);

    private static Gen<(int Schema, double[] Values)> Cases =>
        from schema in Gen.Choose(1, 8)
        from values in Seconds.ListOf(30)
        select (schema, values.ToArray());

    [Property(MaxTest = 60)]
    public Property Each_observation_is_counted_below_the_first_bound_that_is_not_below_it() =>
        Prop.ForAll(Arb.From(Cases), async one =>
        {
            await using var app = await LiveApp.StartAsync();
            var native = new NativeBuckets { Schema = one.Schema, MaxBuckets = 100_000 };
            var histogram = app.Registry.Histogram("own_seconds", "Own.", new HistogramOptions
            {
                Buckets = [],
                Native = native,
            });
            foreach (var value in one.Values)
                histogram.Observe(value);
            await app.PassAsync(1);
            var viewer = await Viewer.OpenAsync(app);
            var family = viewer.Last.GetProperty("names")[0].GetProperty("family");
            var bounds = family.GetProperty("bounds").EnumerateArray().Select(bound => bound.GetDouble()).ToArray();
            var buckets = viewer.Slots["1m"].Single().GetProperty("own")[0][3].EnumerateArray().ToArray();
            Assert.Equal(
                one.Values
                    .GroupBy(value => bounds.TakeWhile(bound => bound < value).Count())
                    .OrderBy(bucket => bucket.Key)
                    .Select(bucket => (bucket.Key, bucket.Count())),
                buckets.Chunk(2).Select(pair => (pair[0].GetInt32(), pair[1].GetInt32())));
        });

    [Fact]
    public async Task The_bounds_reach_from_a_quarter_of_a_millisecond_to_two_minutes()
    {
        await using var app = await LiveApp.StartAsync(it => it.WithDefaultMetrics(new()
        {
            Native = new(),
            HighResolutionBuckets = [],
            LowResolutionBuckets = [],
        }));
        var data = await app.DataAsync();
        var bounds = data.GetProperty("bounds").EnumerateArray().Select(bound => bound.GetDouble()).ToArray();
        Assert.True(data.GetProperty("native").GetBoolean());
        Assert.Equal(39, bounds.Length);
        Assert.Equal(1 / 4096.0, bounds[0]);
        Assert.Equal(1, bounds[24]);
        Assert.Equal(128, bounds[^1], 1e-9);
    }
}
