namespace Instrumentator;

/// <summary>Counts what goes wrong with the metric functions of an instrumentation, by function.</summary>
/// <param name="registry">Where it is counted. An app whose functions are well has no such family in its scrapes, but its name is taken.</param>
/// <param name="report">Gets the function's name, and what is to be logged.</param>
/// <param name="clock">Tells when something is to be logged again.</param>
/// <exception cref="InvalidOperationException">The counter's name is taken by another definition.</exception>
internal sealed class FunctionFailures(Registry registry, Action<string, FunctionFailure> report, TimeProvider clock)
{
    internal const string CounterName = "instrumentator_metric_function_errors_total";

    private readonly LazyCounter _counter = new(registry, CounterName, "Runs of metric functions that threw, took too long or were left out as too many had not ended.", "function");
    private readonly Dictionary<object, FunctionErrors> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>Those of one function. Those on the way of requests are asked for when an instrumentation is made, and kept.</summary>
    /// <param name="function">Stands for the function: what is the same one here counts and logs together.</param>
    /// <param name="name">What it is called.</param>
    public FunctionErrors Of(object function, Func<string> name)
    {
        lock (_known)
            return _known.TryGetValue(function, out var errors) ? errors : _known[function] = new FunctionErrors(_counter, report, clock, name);
    }

    public static string NameOf(Delegate function) => $"{function.Method.DeclaringType?.FullName}.{function.Method.Name}";
}
