using System.Globalization;

namespace Instrumentator.Benchmarks;

/// <summary>A measurement that can be repeated.</summary>
internal interface IMeasurement
{
    /// <summary>Runs until the JIT has compiled everything hot.</summary>
    void WarmUp();

    /// <summary>Measures once, in a few milliseconds.</summary>
    Cost Measure();
}

/// <summary>The cost of one operation.</summary>
/// <param name="Ns">Nanoseconds.</param>
/// <param name="Bytes">Allocated bytes.</param>
/// <param name="Overlap">The part of the time in which all threads ran; 1 for one thread.</param>
internal sealed record Cost(double Ns, double Bytes, double Overlap = 1)
{
    /// <summary>The overlap from which threads count as concurrent.</summary>
    public const double EnoughOverlap = 0.8;

    public static Cost operator -(Cost one, Cost other) =>
        new(one.Ns - other.Ns, one.Bytes - other.Bytes, Math.Min(one.Overlap, other.Overlap));

    public static Cost Parse(string line)
    {
        double[] parts = [.. line.Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture))];
        return new Cost(parts[0], parts[1], parts[2]);
    }

    public override string ToString() => FormattableString.Invariant($"{Ns} {Bytes} {Overlap}");
}
