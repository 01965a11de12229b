namespace Instrumentator;

public static partial class Metrics
{
    /// <summary>What the size metrics share: a summary of bytes.</summary>
    private static Func<Info, Unit> Size(string name, string help, Measured what, MetricOptions options) =>
        Series(options.Register<Summary>(new(options.FullName(name), options.Help ?? help, MetricKind.Summary, options.Labels.Names, [])), options.Labels, what);
}
