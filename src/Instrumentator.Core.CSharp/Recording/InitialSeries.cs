namespace Instrumentator;

/// <summary>The series that a counter of requests has at 0 before any request: those of the routes that an app
/// knows.</summary>
/// <remarks>They take at most half of the counter's limit: other requests need series, too. For use by one thread at a
/// time.</remarks>
/// <param name="metric">The counter.</param>
internal sealed class InitialSeries(SeriesMetric metric)
{
    private static readonly int[] _statuses = [200, 500];

    // Several endpoints may have the same labels.
    private readonly HashSet<ValueList<string>> _added = [];
    private readonly HashSet<ValueList<string>> _omitted = [];

    /// <summary>Gets the name of the counter.</summary>
    public string Name => metric.Family.Definition.Name;

    /// <summary>Gets the limit of the counter's series.</summary>
    public int Limit => metric.Family.Limit;

    /// <summary>Gets the number of series that the counter has for known routes.</summary>
    public int Added => _added.Count;

    /// <summary>Gets the number of series that there was no room for.</summary>
    public int Omitted => _omitted.Count;

    /// <summary>Adds the series of a success and of an error, unless there is no room.</summary>
    public void Add(Route route, string? method)
    {
        foreach (var status in _statuses)
        {
            var values = metric.Labels.Values(route.NewLabels(method, status), default);
            (metric.Family.TryAdd(values, Limit / 2) ? _added : _omitted).Add(ValueList.From(values));
        }
    }
}
