using System.Globalization;

namespace Instrumentator;

/// <summary>Upper bounds of histogram buckets: predefined lists, and the rules for a list.</summary>
public static class Buckets
{
    /// <summary>The default bounds of <c>Metrics.Latency</c>: 5 ms to 10 s, in seconds.</summary>
    public static ValueList<double> Default { get; } =
        [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    /// <summary>Many bounds from 10 ms to 60 s, in seconds, for exact quantiles of a whole app.</summary>
    public static ValueList<double> HighResolution { get; } =
        [0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 7.5, 10, 30, 60];

    /// <summary>Few bounds, in seconds, for one series per handler.</summary>
    public static ValueList<double> LowResolution { get; } = [0.1, 0.5, 1];

    /// <summary>Returns bounds of equal distance.</summary>
    /// <param name="start">The first bound: any finite number.</param>
    /// <param name="width">The distance from one bound to the next: finite and above 0.</param>
    /// <param name="count">The number of bounds, 1 or more.</param>
    /// <returns>The bounds, computed in decimal, so that labels read <c>0.3</c>, not
    /// <c>0.30000000000000004</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    /// <example><code>Buckets.Linear(10, width: 10, count: 3)    // 10, 20, 30</code></example>
    public static ValueList<double> Linear(double start, double width, int count)
    {
        ThrowIf(!double.IsFinite(start), nameof(start), start, "The start must be finite.");
        ThrowIf(!(width > 0 && double.IsFinite(width)), nameof(width), width, "The width must be finite and above 0.");
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return ValueList.From(Enumerable.Range(0, count).Select(i => Bound(start, width, i)));
    }

    /// <summary>Returns bounds that grow by a factor.</summary>
    /// <param name="start">The first bound: finite and above 0.</param>
    /// <param name="factor">How many times larger the next bound is: finite and above 1.</param>
    /// <param name="count">The number of bounds, 1 or more.</param>
    /// <returns>The bounds, rounded to 15 digits.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    /// <example><code>Buckets.Exponential(0.1, factor: 2, count: 4)    // 0.1, 0.2, 0.4, 0.8</code></example>
    public static ValueList<double> Exponential(double start, double factor, int count)
    {
        ThrowIf(!(start > 0 && double.IsFinite(start)), nameof(start), start, "The start must be finite and above 0.");
        ThrowIf(
            !(factor > 1 && double.IsFinite(factor)), nameof(factor), factor, "The factor must be finite and above 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return ValueList.From(Enumerable.Range(0, count).Select(i => Rounded(start * Math.Pow(factor, i))));
    }

    /// <summary>Returns the bounds without a final <c>+Inf</c>, which every histogram has anyway.</summary>
    internal static ValueList<double> WithoutInfinity(ValueList<double>? bounds) =>
        bounds is null ? []
            : bounds.Count > 0 && double.IsPositiveInfinity(bounds[^1]) ? ValueList.From(bounds.SkipLast(1))
            : bounds;

    // Numbers that are out of the range of decimals have the rounding errors of doubles.
    private static double Bound(double start, double width, int index) =>
        IsDecimal(start) && IsDecimal(width) && IsDecimal(width * index)
            ? (double)((decimal)start + ((decimal)width * index))
            : start + (width * index);

    private static bool IsDecimal(double value) => value == 0 || Math.Abs(value) is > 1e-12 and < 1e15;

    private static double Rounded(double bound) =>
        double.Parse(bound.ToString("G15", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static void ThrowIf(bool isWrong, string parameter, double value, string rule)
    {
        if (isWrong)
            throw new ArgumentOutOfRangeException(parameter, value, rule);
    }

    internal static IEnumerable<string> Validate(string metric, ValueList<double> bounds)
    {
        if (bounds.Count == 0)
            yield return $"The buckets of {metric} are empty: specify at least one upper bound besides +Inf.";

        // Loops over indexes: every app runs this at startup and would have to compile LINQ over numbers anew.
        for (var i = 0; i < bounds.Count; i++)
        {
            if (!double.IsFinite(bounds[i]))
            {
                yield return FormattableString.Invariant($"The buckets of {metric} hold {bounds[i]}: ")
                    + "use finite upper bounds; +Inf may be last and is implicit.";
            }
        }
        for (var i = 1; i < bounds.Count; i++)
        {
            if (bounds[i] <= bounds[i - 1])
            {
                yield return FormattableString.Invariant(
                    $"The buckets of {metric} have {bounds[i]} after {bounds[i - 1]}: ")
                    + "list each bound once, in increasing order.";
            }
        }
    }
}
