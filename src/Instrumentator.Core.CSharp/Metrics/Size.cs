namespace Instrumentator;

public static partial class Metrics
{
    /// <summary>What the size metrics share: a summary of bytes.</summary>
    private static Func<Info, Unit> Size<TMeasure>(string name, string help, MetricOptions options)
        where TMeasure : struct, IMeasure<Summary> =>
        Series<Summary, TMeasure>(options.RegistryOrDefault.Summary(options.FullName(name), options.Help ?? help, [.. options.Labels.Names]), options.Labels);
}
