using System.Diagnostics;

namespace Instrumentator;

/// <summary>Which requests have exemplars, and what labels these have. One for an instrumentation that runs.</summary>
/// <param name="interval">How long a cell keeps one.</param>
/// <param name="clock">Tells the time of exemplars.</param>
/// <param name="labels">Makes their labels, and never throws; null for those of the trace.</param>
internal sealed class RequestExemplars(TimeSpan interval, TimeProvider clock, Func<Info, ValueList<Label>>? labels)
{
    /// <summary>How long a cell keeps one, in seconds.</summary>
    public double Interval { get; } = interval.TotalSeconds;

    /// <summary>Whether the request that runs now may have one.</summary>
    public bool AreWanted => labels is not null || Activity.Current is { Recorded: true };

    /// <summary>The time in seconds since 1970 (UTC).</summary>
    public double Now() => clock.UnixSeconds();

    /// <summary>The labels of a request's exemplars; empty for none. Never throws.</summary>
    public ValueList<Label> LabelsOf(in Info info) =>
        labels is not null ? labels(info) : Activity.Current is { Recorded: true } activity ? LabelsOf(activity) : [];

    private static ValueList<Label> LabelsOf(Activity activity) => [new("trace_id", activity.TraceId.ToHexString()), new("span_id", activity.SpanId.ToHexString())];
}
