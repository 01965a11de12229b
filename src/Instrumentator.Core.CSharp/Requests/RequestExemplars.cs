using System.Diagnostics;

namespace Instrumentator;

/// <summary>Which requests have exemplars, and what labels these have. One for an instrumentation that runs.</summary>
/// <param name="options">What was chosen.</param>
/// <param name="clock">Tells the time of exemplars.</param>
/// <param name="report">Gets what the function throws that makes labels.</param>
internal sealed class RequestExemplars(ExemplarOptions options, TimeProvider clock, Action<Exception> report)
{
    /// <summary>How long a cell keeps one, in seconds.</summary>
    public double Interval { get; } = options.Interval.TotalSeconds;

    /// <summary>Whether the request that runs now may have one.</summary>
    public bool AreWanted => options.Labels is not null || Activity.Current is { Recorded: true };

    /// <summary>The time in seconds since 1970 (UTC).</summary>
    public double Now() => clock.UnixSeconds();

    /// <summary>The labels of a request's exemplars; empty for none. Never throws.</summary>
    public ValueList<Label> LabelsOf(in Info info)
    {
        if (options.Labels is not { } labels)
            return Activity.Current is { Recorded: true } activity ? LabelsOf(activity) : [];
        try
        {
            return labels(info) ?? [];
        }
#pragma warning disable CA1031 // Whatever the function throws, the request must not feel it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            report(e);
            return [];
        }
    }

    private static ValueList<Label> LabelsOf(Activity activity) => [new("trace_id", activity.TraceId.ToHexString()), new("span_id", activity.SpanId.ToHexString())];
}
