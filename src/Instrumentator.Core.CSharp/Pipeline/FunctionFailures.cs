namespace Instrumentator;

/// <summary>Counts the failures of an instrumentation's metric functions, by function.</summary>
/// <param name="registry">Holds the counter. Its name is taken at once; its family appears in scrapes with the first
/// failure.</param>
/// <param name="report">Receives the function's name and the failure to log.</param>
/// <param name="clock">Determines when to log again.</param>
/// <exception cref="InvalidOperationException">The counter's name is taken by another definition.</exception>
internal sealed class FunctionFailures(Registry registry, Action<string, FunctionFailure> report, TimeProvider clock)
{
    internal const string CounterName = "instrumentator_metric_function_errors_total";

    private readonly LazyCounter _counter = new(
        registry,
        CounterName,
        "Runs of metric functions that threw, timed out, or were skipped because too many had not ended.",
        "function");
    private readonly Dictionary<object, FunctionErrors> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>Returns the errors of one function. The request path gets them when a recorder is created, and keeps
    /// them.</summary>
    /// <param name="function">Identifies the function: failures of one object are counted and logged together.</param>
    /// <param name="name">Returns its name.</param>
    public FunctionErrors Of(object function, Func<string> name)
    {
        lock (_known)
        {
            return _known.TryGetValue(function, out var errors)
                ? errors
                : _known[function] = new FunctionErrors(_counter, report, clock, name);
        }
    }
}
