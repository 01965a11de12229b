using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>Counts what metric functions throw, and hands the first exception of each on, to be logged.</summary>
internal sealed class FunctionFailures(Registry registry, Action<string, Exception> report)
{
    internal const string CounterName = "instrumentator_metric_function_errors_total";

    private readonly ConditionalWeakTable<object, object> _reported = [];
    private Counter? _counter;

    /// <summary>Never throws.</summary>
    public void Report(object function, Exception exception)
    {
        try
        {
            // Registered with the first failure: an app whose functions are well has no such family.
            (_counter ??= registry.Counter(CounterName, "Exceptions thrown by metric functions.")).Increment();
            if (_reported.TryAdd(function, function))
                report(NameOf(function), exception);
        }
#pragma warning disable CA1031, RCS1075 // Nothing is left to tell that telling failed.
        catch (Exception)
#pragma warning restore CA1031, RCS1075
        {
        }
    }

    private static string NameOf(object function) =>
        function is Delegate { Method: var method } ? $"{method.DeclaringType?.FullName}.{method.Name}" : function.GetType().Name;
}
