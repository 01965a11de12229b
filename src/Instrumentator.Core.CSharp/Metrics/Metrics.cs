namespace Instrumentator;

/// <summary>Metric functions, which <see cref="MetricFunctions.Then"/> composes.</summary>
/// <remarks>
/// <para>An invalid option is an error at once. A built-in metric registers its families when an instrumentation that
/// contains it starts: in the registry of its own options, or else in that of the instrumentation. A name that is taken
/// by another definition is an error then. A function that you call yourself, or inside another function, belongs to no
/// instrumentation: it uses the registry of its options, or else <see cref="Registry.Default"/>.</para>
/// <para>The functions are immutable, safe for use by many threads, and allocate nothing for a known series.</para>
/// </remarks>
public static partial class Metrics
{
    /// <summary>Gets the function that does nothing: the identity of <see cref="MetricFunctions.Then"/>.</summary>
    public static Func<Info, Unit> None { get; } = Composition.Empty.ToFunction();

    /// <summary>Returns a metric function that calls your code.</summary>
    /// <param name="record">Called once for each request, from many threads, after the response is made. Its exceptions
    /// are counted and logged, and never reach the request.</param>
    /// <param name="name">Its name in logs and self-metrics. When left out, it is that of the method, or of the member
    /// that contains the lambda. Functions of the same name are counted together.</param>
    /// <remarks>It runs on the request's own thread, so it must not block. While a run of it has not ended after
    /// 250 ms (2 seconds while the process is busy), other requests skip the function, which is counted and logged like
    /// an exception. So a function that hangs blocks the few requests that came before. The same applies to conditions
    /// of <see cref="MetricFunctions.When"/>.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="record"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is blank.</exception>
    /// <example><code>
    /// var languages = Registry.Default.Counter("languages_total", "Requests by language.", "language");
    /// var byLanguage = Metrics.From(
    ///     info => languages.With(info.Request.Header("Accept-Language")).Increment(), "by-language");
    /// </code></example>
    public static Func<Info, Unit> From(Action<Info> record, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(record);
        FunctionName.ThrowIfBlank(name);
        return new FunctionStep(info =>
        {
            record(info);
            return Unit.Value;
        }, record, name).ToFunction();
    }

    /// <summary>Returns an asynchronous metric function with a name, for
    /// <see cref="Instrumentation.AddAsync"/>.</summary>
    /// <param name="record">Called once for each request, after the response is sent. Its exceptions are counted and
    /// logged.</param>
    /// <param name="name">Its name in logs and self-metrics. When left out, it is that of the method, or of the member
    /// that contains the lambda. Functions of the same name are counted together.</param>
    /// <exception cref="ArgumentNullException"><paramref name="record"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is blank.</exception>
    /// <example><code>
    /// Instrumentation.Default.AddAsync(Metrics.FromAsync(info => audit.WriteAsync(info.Handler), "audit"))
    /// </code></example>
    public static Func<Info, ValueTask> FromAsync(Func<Info, ValueTask> record, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(record);
        FunctionName.ThrowIfBlank(name);
        return name is null ? record : new NamedFunction(record, name).RunAsync;
    }

    /// <summary>Returns a size metric: a summary in bytes.</summary>
    private static Func<Info, Unit> Size(
        string name, string help, string actualHelp, Measured what, MetricOptions options)
    {
        var definition = new FamilyDefinition(
            options.FullName(name), options.Help ?? help, MetricKind.Summary, options.Labels.Names, []);
        return options.ToFunction(definition, what, options.Help is null ? actualHelp : null);
    }
}
