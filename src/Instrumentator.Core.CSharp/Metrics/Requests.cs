namespace Instrumentator;

public static partial class Metrics
{
    /// <summary>Counts requests.</summary>
    /// <remarks>A counter, <c>http_requests_total</c>, with the labels <c>handler</c>, <c>method</c> and
    /// <c>status</c>.</remarks>
    /// <param name="options">Name, labels, registry; null for the defaults.</param>
    /// <exception cref="InvalidConfigException">An option is invalid.</exception>
    /// <example><code>Metrics.Requests(new() { Namespace = "shop" })</code></example>
    public static Func<Info, Unit> Requests(MetricOptions? options = null)
    {
        options ??= new MetricOptions();
        var definition = new FamilyDefinition(
            Names.OfCounter(options.FullName("http_requests_total")),
            options.Help ?? "Total number of requests by method, status and handler.",
            MetricKind.Counter,
            options.Labels.Names,
            []);
        return options.ToFunction(definition, Measured.One);
    }
}
