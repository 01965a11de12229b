namespace Instrumentator;

/// <summary>Composes metric functions.</summary>
/// <remarks>How calls are grouped does not matter: <see cref="Then"/> is associative, <see cref="Metrics.None"/> is its
/// identity, and <see cref="When"/> distributes over it.</remarks>
public static class MetricFunctions
{
    /// <summary>Returns a function that runs the first and then the second.</summary>
    /// <returns>A function that is as thread-safe as the two, and allocates as much as they do. It is built once and
    /// runs as a plain loop.</returns>
    /// <remarks>In a direct call, an exception in the first skips the second; an <see cref="Instrumentation"/> runs
    /// each in isolation.</remarks>
    /// <exception cref="ArgumentNullException">A function is null.</exception>
    /// <example><code>Metrics.Latency().Then(Metrics.RequestSize())</code></example>
    public static Func<Info, Unit> Then(this Func<Info, Unit> first, Func<Info, Unit> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return first == Metrics.None ? second
            : second == Metrics.None ? first
            : Composition.Of([first, second]).ToFunction();
    }

    /// <summary>Returns a function that runs only for requests that meet the condition.</summary>
    /// <param name="function">One metric function, or several composed ones.</param>
    /// <param name="condition">For n composed functions, called n times per request. So it should be cheap, and must
    /// return the same value for the same request. If it throws, the function does not run.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <example><code>Metrics.Latency().When(info => info.Method == "GET")</code></example>
    public static Func<Info, Unit> When(this Func<Info, Unit> function, Func<Info, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(condition);
        var steps = Composition.Flatten(Step.Of(function));
        return steps switch
        {
            [] => Metrics.None,
            [var only] => new ConditionalStep(condition, only).ToFunction(),
            _ => new Composition([.. steps.Select(step => new ConditionalStep(condition, step))]).ToFunction(),
        };
    }
}
