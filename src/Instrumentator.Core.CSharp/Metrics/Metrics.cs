namespace Instrumentator;

/// <summary>Metric functions, to be composed with <see cref="MetricFunctions.Then"/>.</summary>
/// <remarks>
/// Each registers its family at once, so a bad option or a name that is taken shows where the app starts. The functions are safe for use by
/// many threads and allocate nothing for a known series.
/// </remarks>
public static partial class Metrics
{
    /// <summary>The function that does nothing: the identity of <see cref="MetricFunctions.Then"/>.</summary>
    public static Func<Info, Unit> None { get; } = Composition.Empty.ToFunction();

    /// <summary>A metric function of one's own.</summary>
    /// <param name="record">Called once for each request, from many threads, after the response was made. What it throws is counted and logged, and never
    /// reaches the request.</param>
    /// <remarks>It runs on the request's own thread, so it must wait for nothing. One that hangs holds a few requests (16, or four for each processor where that is more); all others leave it
    /// out, which is counted and logged like an exception. The same holds for conditions of <see cref="MetricFunctions.When"/>.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="record"/> is null.</exception>
    /// <example><code>
    /// var languages = Registry.Default.Counter("languages_total", "Requests by language.", "language");
    /// var byLanguage = Metrics.From(info => languages.With(info.Request.Header("Accept-Language")).Increment());
    /// </code></example>
    public static Func<Info, Unit> From(Action<Info> record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new FunctionStep(info =>
        {
            record(info);
            return Unit.Value;
        }, record).ToFunction();
    }

    private static Func<Info, Unit> Series(Family family, LabelSelection labels, Measured what, bool onlySuccess = false) =>
        new SeriesStep([new SeriesMetric(family, labels, what, onlySuccess)]).ToFunction();

    /// <summary>What the size metrics share: a summary of bytes.</summary>
    private static Func<Info, Unit> Size(string name, string help, Measured what, MetricOptions options)
    {
        var (fullName, labels) = (options.FullName(name), options.Labels);
        var definition = new FamilyDefinition(fullName, options.Help ?? help, MetricKind.Summary, labels.Names, []);
        return Series(options.Register<Summary>(definition), labels, what);
    }
}
