namespace Instrumentator.Benchmarks;

/// <summary>Computes quantiles, interpolated between the two nearest numbers.</summary>
internal static class Quantiles
{
    public static double Median(IEnumerable<double> values) => Of(values, 0.5);

    public static double Of(IEnumerable<double> values, double rank)
    {
        double[] sorted = [.. values.Order()];
        var place = rank * (sorted.Length - 1);
        var (below, above) = (sorted[(int)Math.Floor(place)], sorted[(int)Math.Ceiling(place)]);
        return below + (above - below) * (place - Math.Floor(place));
    }
}
