namespace Instrumentator.EndToEnd;

/// <summary>Known observations and the definition of the histogram for them.</summary>
/// <param name="Name">The name of the histogram.</param>
/// <param name="Native">The configuration of its native buckets.</param>
/// <param name="Bounds">The upper bounds of its classic buckets. Empty for a histogram with native buckets
/// only.</param>
/// <param name="Values">The observed values.</param>
internal sealed record Observations(string Name, NativeBuckets Native, ValueList<double> Bounds, double[] Values)
{
    private const int Count = 5_000;

    /// <summary>Observations with several distributions. They are the same in each run.</summary>
    public static IReadOnlyList<Observations> All { get; } =
    [
        new("lognormal_seconds", new(), [], Take(1, random => Math.Exp((2 * Normal(random)) - 3))),
        new("uniform_seconds", new() { Schema = 5 }, [], Take(2, random => 10 + (90 * random.NextDouble()))),
        new("uniform_both_seconds", new(), [25, 50, 75], Take(2, random => 10 + (90 * random.NextDouble()))),
        new("around_zero_celsius", new() { ZeroThreshold = 0.01 }, [], Take(3, AroundZero)),
        new(
            "below_zero_celsius",
            new() { Schema = 8, MaxBuckets = 5_000 },
            [],
            Take(4, random => -Math.Exp(Normal(random)))),
        new("mostly_zero", new(), [], Take(5, random => random.Next(4) > 0 ? 0 : random.NextDouble())),

        // They span 12 orders of magnitude, for which there is no room: the schema has to fall.
        new(
            "limited_seconds",
            new() { Schema = 5, MaxBuckets = 30 },
            [],
            Take(6, random => Math.Pow(10, 12 * (random.NextDouble() - 0.5)))),
        new(
            "very_limited_seconds",
            new() { Schema = 8, MaxBuckets = 4 },
            [0.001, 1],
            Take(7, random => Math.Exp(3 * Normal(random)))),
    ];

    /// <summary>The smallest observation that at least this part of all is not above.</summary>
    public double Quantile(double rank) =>
        Values.Order().ElementAt(Math.Max((int)Math.Ceiling(rank * Values.Length) - 1, 0));

    public void ObserveIn(Registry registry)
    {
        var histogram = registry.Histogram(
            Name,
            "Known observations.",
            new HistogramOptions { Native = Native, Buckets = Bounds });
        foreach (var value in Values)
            histogram.Observe(value);
    }

    private static double AroundZero(Random random) => random.Next(10) == 0 ? 0 : 5 * Normal(random);

    private static double[] Take(int seed, Func<Random, double> next)
    {
#pragma warning disable CA5394 // Test data, which must be the same in each run.
        var random = new Random(seed);
#pragma warning restore CA5394
        return [.. Enumerable.Range(0, Count).Select(_ => next(random))];
    }

    // Box and Muller.
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
