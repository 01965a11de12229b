namespace Instrumentator.Browser;

/// <summary>Apps that differ in what they measure, and under which names.</summary>
internal static class Setups
{
    public static PageAppSetup Shop { get; } = Browser.Shop.Setup with
    {
        Own = registry =>
        {
            registry.IncludeProcess();
            registry.Counter("shop_orders_total", "Orders taken.", "country").With("DE").Increment(7);
            registry.Gauge("shop_queue_length", "Orders that wait.").Set(3);
        },
    };

    public static PageAppSetup SwitchedOff { get; } =
        new PageAppSetup().With(config => config with { EnabledBy = "INSTRUMENTATOR_NO_SUCH_VARIABLE" });

    public static PageAppSetup NoHandlerLabel { get; } = Measuring(Metrics
        .Latency(new() { Handler = false, Method = false, Status = false })
        .Then(Metrics.Requests(new() { Handler = false, Method = false })));

    public static PageAppSetup AnotherNamespace { get; } = new()
    {
        Instrumentation = registry => Instrumentation.Default
            .WithRegistry(registry)
            .WithDefaultMetrics(new() { Namespace = "acme", Subsystem = "web" }),
    };

    public static PageAppSetup NativeHistograms { get; } = Measuring(Metrics
        .Latency(new() { Buckets = [], Native = NativeBuckets.FromFactor(1.1) })
        .Then(Metrics.Requests()));

    public static PageAppSetup PrometheusNet { get; } = new()
    {
        Instrumentation = registry => Presets.PrometheusNet(registry),
    };

    public static PageAppSetup OpenTelemetry { get; } = new()
    {
        Instrumentation = registry => Presets.OpenTelemetry(registry),
    };

    /// <summary>Hostile texts in the title, in handlers, and in names, help and labels of own metrics.</summary>
    public static PageAppSetup HostileTexts { get; } = new PageAppSetup
    {
        Options = new() { Title = Hostile.Script },
        Routes = [],
        Own = registry =>
        {
            var family = registry.Counter("hostile_total", $"{Hostile.Script} {Hostile.Image}", "text");
            foreach (var text in Hostile.All)
                family.With(text).Increment();
        },
    }.With(config => config with { Untemplated = Untemplated.Path() });

    private static PageAppSetup Measuring(Func<Info, Unit> metrics) => new()
    {
        Instrumentation = registry => Instrumentation.Default.WithRegistry(registry).WithMetrics(metrics),
    };
}
