using Microsoft.AspNetCore.Builder;

namespace Instrumentator.Browser;

/// <summary>What differs between the apps of tests.</summary>
internal sealed record PageAppSetup
{
    /// <summary>When the app starts, by its clock: after the process of any machine that runs this test.</summary>
    public DateTimeOffset Start { get; init; } = new(2126, 3, 14, 9, 0, 0, TimeSpan.Zero);

    public PageOptions Options { get; init; } = new() { Title = "shop" };

    public string PathBase { get; init; } = "";

    public string PagePath { get; init; } = "/metrics-live";

    public IEnumerable<string> Routes { get; init; } = ["/orders", "/products", "/products/{id}", "/events"];

    /// <summary>The instrumentation in a registry.</summary>
    public Func<Registry, Instrumentation> Instrumentation { get; init; } =
        Instrumentator.Instrumentation.Default.WithRegistry;

    /// <summary>Registers the app's own metrics.</summary>
    public Action<Registry> Own { get; init; } = _ => { };

    /// <summary>Maps further routes.</summary>
    public Action<WebApplication> Map { get; init; } = _ => { };

    /// <summary>Returns a copy with other rules.</summary>
    public PageAppSetup With(Func<Config, Config> change) =>
        this with { Instrumentation = registry => Instrumentation(registry).With(change) };
}
