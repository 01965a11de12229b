namespace Instrumentator;

/// <summary>The algebra of metric functions: they compose to a metric function.</summary>
/// <remarks><see cref="Then"/> is associative, <see cref="Metrics.None"/> is its identity, and <see cref="When"/> distributes over it.</remarks>
public static class MetricFunctions
{
    /// <summary>The function that runs the first and then the second.</summary>
    /// <returns>A function that is as safe for many threads, and allocates as much, as the two are. Built once, it runs as a plain loop.</returns>
    /// <remarks>Called by hand, what the first throws keeps the second from running; an <see cref="Instrumentation"/> runs each on its own.</remarks>
    /// <exception cref="ArgumentNullException">A function is null.</exception>
    /// <example><code>Metrics.Latency().Then(Metrics.RequestSize())</code></example>
    public static Func<Info, Unit> Then(this Func<Info, Unit> first, Func<Info, Unit> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return first == Metrics.None ? second
            : second == Metrics.None ? first
            : new Composition([.. Composition.Flatten(first), .. Composition.Flatten(second)]).ToFunction();
    }

    /// <summary>The function that runs for those requests only of which the condition holds.</summary>
    /// <param name="function">One metric function, or several that were composed.</param>
    /// <param name="condition">Asked once for each of them, so it must give the same answer for the same request.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <example><code>Metrics.Latency().When(info => info.Method == "GET")</code></example>
    public static Func<Info, Unit> When(this Func<Info, Unit> function, Func<Info, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(condition);
        var steps = Composition.Flatten(function).ToArray();
        return steps switch
        {
            [] => Metrics.None,
            [var only] => new ConditionalStep(condition, only).ToFunction(),
            _ => new Composition([.. steps.Select(step => new ConditionalStep(condition, step))]).ToFunction(),
        };
    }
}
