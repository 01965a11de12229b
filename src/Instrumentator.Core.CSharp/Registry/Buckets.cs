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

    /// <summary>Returns the bounds without a final <c>+Inf</c>, which every histogram has anyway.</summary>
    internal static ValueList<double> WithoutInfinity(ValueList<double>? bounds) =>
        bounds is null ? []
            : bounds.Count > 0 && double.IsPositiveInfinity(bounds[^1]) ? ValueList.From(bounds.SkipLast(1))
            : bounds;

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
