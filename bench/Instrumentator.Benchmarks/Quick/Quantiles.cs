namespace Instrumentator.Benchmarks;

/// <summary>Quantiles of a list of numbers, between the two nearest ones where none stands at the place.</summary>
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
