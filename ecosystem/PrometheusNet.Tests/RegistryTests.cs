namespace Instrumentator.PrometheusNet.Tests;

/// <summary>A registry over one of prometheus-net.</summary>
public class RegistryTests
{
    [Fact]
    public void One_registry_stands_over_one_of_theirs()
    {
        var collectors = Prometheus.Metrics.NewCustomRegistry();
        Assert.Same(Registry.Over(collectors), Registry.Over(collectors));
        Assert.NotSame(Registry.Over(collectors), Registry.Over(Prometheus.Metrics.NewCustomRegistry()));
    }
}
