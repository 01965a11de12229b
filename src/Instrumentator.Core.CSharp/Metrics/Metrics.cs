namespace Instrumentator;

/// <summary>Metric functions, which <see cref="MetricFunctions.Then"/> composes.</summary>
/// <remarks>
/// Each method registers its families immediately, so an invalid option or a taken name is an error at start-up. The
/// functions are safe for use by many threads and allocate nothing for a known series.
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
    /// <remarks>It runs on the request's own thread, so it must not block. A function that hangs blocks a few requests
    /// (16, or four for each processor if that is more); all others skip it, which is counted and logged like an
    /// exception. The same applies to conditions of <see cref="MetricFunctions.When"/>.</remarks>
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
        if (name is not null && string.IsNullOrWhiteSpace(name))
            throw new ArgumentException("The name is blank. Give it a name, or leave it out.", nameof(name));
        return new FunctionStep(info =>
        {
            record(info);
            return Unit.Value;
        }, record, name).ToFunction();
    }

    private static Func<Info, Unit> Series(
        Family family, LabelSelection labels, Measured what, bool onlySuccess = false) =>
        new SeriesStep([new SeriesMetric(family, labels, what, onlySuccess)]).ToFunction();

    /// <summary>Returns a size metric: a summary in bytes.</summary>
    private static Func<Info, Unit> Size(string name, string help, Measured what, MetricOptions options)
    {
        var (fullName, labels) = (options.FullName(name), options.Labels);
        var definition = new FamilyDefinition(fullName, options.Help ?? help, MetricKind.Summary, labels.Names, []);
        return Series(options.Register<Summary>(definition), labels, what);
    }
}
