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

/// <summary>What one operation costs: nanoseconds, and bytes of garbage.</summary>
internal sealed record Cost(double Ns, double Bytes)
{
    public static Cost operator -(Cost one, Cost other) => new(one.Ns - other.Ns, one.Bytes - other.Bytes);

    public static Cost Parse(string line) =>
        line.Split(' ') is [var ns, var bytes]
            ? new Cost(double.Parse(ns, CultureInfo.InvariantCulture), double.Parse(bytes, CultureInfo.InvariantCulture))
            : throw new FormatException($"No measurement: {line}");

    public override string ToString() => FormattableString.Invariant($"{Ns:R} {Bytes:R}");
}
