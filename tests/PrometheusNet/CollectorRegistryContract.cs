using Instrumentator.Properties;
using Prometheus;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>Runs the registry contract over a prometheus-net registry. The listed differences come from prometheus-net
/// itself.</summary>
public sealed class CollectorRegistryContract() : RegistryContract(New, Differences)
{
    /// <summary>Gets the differences. docs/coming-from-prometheus-net.md has the reasons, word for word.</summary>
    internal static RegistryDifferences Differences { get; } = new()
    {
        LeavesOutNaN = "Histograms and summaries leave out NaN. Ours count it, and their sum is NaN from then on.",
        RefusesColons = "Names have no colon. A metric with one is refused when it is registered.",
        HidesWhatHasNoSeries =
            "A family without series shows its name, type and help only: its text has no place for labels and "
            + "buckets.",
        EmptiesBlankHelp = "A help text of nothing but blanks is empty.",
        StopsCountingAt2To53 =
            "Numbers are doubles: a counter that has reached 2^53 stays there when it is incremented by one. "
            + "Ours count on.",
        KeepsExemplars =
            "Counters and histograms keep an exemplar of the current trace, if there is one, with each observation. "
            + "Ours keep some, where `Config.Exemplars` is set.",
    };

    private static Registry New(int seriesLimit)
    {
        var collectors = new CollectorRegistry();
        return seriesLimit == Registry.DefaultSeriesLimit
            ? Registry.Over(collectors)
            : new Registry(CollectorBackend.Of(collectors), seriesLimit);
    }

    [Fact]
    public void The_docs_list_every_difference()
    {
        var page = File
            .ReadAllText(Path.Combine(AppContext.BaseDirectory, "coming-from-prometheus-net.md"))
            .ReplaceLineEndings(" ");
        Assert.All(Differences.Reasons, reason => Assert.Contains(reason, page, StringComparison.Ordinal));
    }
}
