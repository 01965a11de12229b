using Instrumentator;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts an instrumentation into an app's services.</summary>
public static class InstrumentatorServiceCollectionExtensions
{
    /// <summary>Registers what is measured. Without this call it is <see cref="Instrumentation.Default"/>.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="instrumentation">Rules, metric functions and registry; null for the defaults. The first call wins.</param>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <example><code>builder.Services.AddInstrumentator(Instrumentation.Default.Add(Metrics.Latency()));</code></example>
    public static IServiceCollection AddInstrumentator(this IServiceCollection services, Instrumentation? instrumentation = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(instrumentation ?? Instrumentation.Default);
        return services;
    }

    /// <summary>Registers what is measured, as a change of the defaults.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="change">Makes the instrumentation of <see cref="Instrumentation.Default"/>.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <example><code>builder.Services.AddInstrumentator(it => it.With(config => config with { GroupStatusCodes = false }));</code></example>
    public static IServiceCollection AddInstrumentator(this IServiceCollection services, Func<Instrumentation, Instrumentation> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return services.AddInstrumentator(change(Instrumentation.Default));
    }
}
