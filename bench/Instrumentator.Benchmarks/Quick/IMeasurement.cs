using System.Globalization;

namespace Instrumentator.Benchmarks;

/// <summary>Something that can be measured again and again.</summary>
internal interface IMeasurement
{
    /// <summary>Lets the JIT learn all that it wants to.</summary>
    void WarmUp();

    /// <summary>Measures once, in a few milliseconds.</summary>
    Cost Measure();
}

/// <summary>What one operation costs.</summary>
/// <param name="Ns">Nanoseconds.</param>
/// <param name="Bytes">Bytes of garbage.</param>
/// <param name="Overlap">For which part of the time all threads were at it; 1 for one thread.</param>
internal sealed record Cost(double Ns, double Bytes, double Overlap = 1)
{
    /// <summary>From here on, threads were there at once.</summary>
    public const double EnoughOverlap = 0.8;

    public static Cost operator -(Cost one, Cost other) => new(one.Ns - other.Ns, one.Bytes - other.Bytes, Math.Min(one.Overlap, other.Overlap));

    public static Cost Parse(string line)
    {
        double[] parts = [.. line.Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture))];
        return new Cost(parts[0], parts[1], parts[2]);
    }

    public override string ToString() => FormattableString.Invariant($"{Ns} {Bytes} {Overlap}");
}
