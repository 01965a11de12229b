using System.Diagnostics;

namespace Instrumentator;

/// <summary>The rule for which requests have exemplars, and with which labels. A running instrumentation has
/// one.</summary>
/// <param name="interval">How long a cell keeps an exemplar.</param>
/// <param name="clock">The clock for exemplar timestamps.</param>
/// <param name="labels">Returns the labels of exemplars and never throws; null for the labels of the trace.</param>
internal sealed class RequestExemplars(TimeSpan interval, TimeProvider clock, Func<Info, ValueList<Label>>? labels)
{
    /// <summary>How long a cell keeps an exemplar, in seconds.</summary>
    public double Interval { get; } = interval.TotalSeconds;

    /// <summary>Whether the current request may have an exemplar.</summary>
    public bool AreWanted => labels is not null || Activity.Current is { Recorded: true };

    /// <summary>Returns the time in seconds since 1970 (UTC).</summary>
    public double Now() => clock.UnixSeconds();

    /// <summary>Returns the labels of a request's exemplars; empty when it has none. Never throws.</summary>
    public ValueList<Label> LabelsOf(in Info info) =>
        labels is not null ? labels(info) : Activity.Current is { Recorded: true } activity ? LabelsOf(activity) : [];

    private static ValueList<Label> LabelsOf(Activity activity) =>
        [new("trace_id", activity.TraceId.ToHexString()), new("span_id", activity.SpanId.ToHexString())];
}
