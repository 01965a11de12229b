using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>Counts what metric functions throw, and hands the first exception of each on, to be logged.</summary>
internal sealed class FunctionFailures(Registry registry, Action<string, Exception> report)
{
    internal const string CounterName = "instrumentator_metric_function_errors_total";

    private readonly ConditionalWeakTable<object, object> _reported = [];
    private Counter? _counter;

    /// <summary>Never throws: not when the counter's name is taken, and not when logging fails.</summary>
    /// <param name="function">Stands for the function: what it throws later is counted and not handed on.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="exception">What it threw.</param>
    public void Report(object function, string name, Exception exception)
    {
        // Registered with the first failure: an app whose functions are well has no such family.
        Try(() => (_counter ??= registry.Counter(CounterName, "Exceptions thrown by metric functions.")).Increment());
        if (_reported.TryAdd(function, function))
            Try(() => report(name, exception));
    }

    public static string NameOf(Delegate function) => $"{function.Method.DeclaringType?.FullName}.{function.Method.Name}";

    private static void Try(Action action)
    {
        try
        {
            action();
        }
#pragma warning disable CA1031, RCS1075 // Nothing is left to tell that telling failed.
        catch (Exception)
#pragma warning restore CA1031, RCS1075
        {
        }
    }
}
