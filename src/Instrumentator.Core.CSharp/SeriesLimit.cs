namespace Instrumentator;

/// <summary>The maximum number of series of one metric: see <see cref="Instrumentation.LimitSeries"/>.</summary>
/// <param name="Metric">The full name in scrapes, such as <c>http_requests_total</c>.</param>
/// <param name="Limit">The maximum number of series, 1 or more.</param>
public readonly record struct SeriesLimit(string Metric, int Limit)
{
    /// <summary>Returns a list with another limit of one metric, sorted by name.</summary>
    internal static ValueList<SeriesLimit> Set(ValueList<SeriesLimit> limits, SeriesLimit limit) => ValueList.From(
        limits
            .Where(one => one.Metric != limit.Metric)
            .Append(limit)
            .OrderBy(one => one.Metric, StringComparer.Ordinal));

    /// <summary>Returns all errors of a list, each with a way to correct it.</summary>
    internal static IEnumerable<string> Validate(ValueList<SeriesLimit>? limits)
    {
        if (limits is null)
            yield return ConfigErrors.NullList(nameof(Instrumentation.SeriesLimits));
        foreach (var (metric, limit) in limits ?? [])
        {
            if (string.IsNullOrWhiteSpace(metric))
                yield return "SeriesLimits contains a limit without the name of a metric. Specify or remove it.";
            else if (metric == Overflows.CounterName)
                yield return $"SeriesLimits contains {metric}, which has no limit itself. Limit the other metrics.";
            if (limit < 1)
            {
                yield return FormattableString.Invariant($"SeriesLimits has the limit {limit} for \"{metric}\", ")
                    + "but it must be 1 or more. To have the limit of the registry, remove it.";
            }
        }
    }
}
