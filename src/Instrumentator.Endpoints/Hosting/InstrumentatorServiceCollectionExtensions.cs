using System.Diagnostics.CodeAnalysis;
using Instrumentator;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds an instrumentation to an app's services.</summary>
public static class InstrumentatorServiceCollectionExtensions
{
    /// <summary>Registers the instrumentation. The default is <see cref="Instrumentation.Default"/>.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="instrumentation">Rules, metric functions and registry; null for the defaults. The first call
    /// wins.</param>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <example><code>
    /// builder.Services.AddInstrumentator(Instrumentation.Default.Add(Metrics.Latency()));
    /// </code></example>
    public static IServiceCollection AddInstrumentator(
        this IServiceCollection services, Instrumentation? instrumentation = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<AppInstrumentation>();
        services.TryAddSingleton(instrumentation ?? Instrumentation.Default);
        return services;
    }

    /// <summary>Registers the instrumentation as a change of the defaults.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="change">Creates the instrumentation from <see cref="Instrumentation.Default"/>.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <example><code>
    /// builder.Services.AddInstrumentator(it => it.With(config => config with { GroupStatusCodes = false }));
    /// </code></example>
    public static IServiceCollection AddInstrumentator(
        this IServiceCollection services, Func<Instrumentation, Instrumentation> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return services.AddInstrumentator(change(Instrumentation.Default));
    }

    /// <summary>Registers an instrumentation that depends on options and follows them when they change while the app
    /// runs.</summary>
    /// <typeparam name="TOptions">The app's own options, for example bound to a section of the
    /// configuration.</typeparam>
    /// <param name="services">The app's services.</param>
    /// <param name="change">Creates the instrumentation from <see cref="Instrumentation.Default"/> and the options, at
    /// start-up and after each change.</param>
    /// <remarks>
    /// Requests that begin after a change follow the new rules; running requests are recorded by the old ones. No count
    /// is lost: the registry must stay the same, and families stay. Create metric functions outside of
    /// <paramref name="change"/>, or with the same definition each time. Invalid new rules are refused: the log lists
    /// all errors, and the old rules stay. At start-up they are an error. The metrics endpoint and
    /// <see cref="Config.EnabledBy"/> do not follow the options.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <example><code>
    /// builder.Services.Configure&lt;ShopSettings>(builder.Configuration.GetSection("Shop"));
    /// builder.Services.AddInstrumentator&lt;ShopSettings>((instrumentation, settings) =>
    ///     instrumentation.With(config => config with { ExcludedHandlers = [.. settings.Unmeasured] }));
    /// </code></example>
    public static IServiceCollection AddInstrumentator<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this IServiceCollection services, Func<Instrumentation, TOptions, Instrumentation> change)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(change);
        services.AddOptions();
        services.TryAddSingleton<AppInstrumentation>();
        services.TryAddSingleton<IInstrumentationMonitor>(provider => new InstrumentationMonitor<TOptions>(
            provider.GetRequiredService<IOptionsMonitor<TOptions>>(),
            change,
            AppLogger.Of(provider)));
        services.TryAddSingleton(provider => provider.GetRequiredService<IInstrumentationMonitor>().First);
        return services;
    }

    /// <summary>Measures every request of the app, whatever the order of the calls in its program: puts the middleware
    /// of <c>UseInstrumentator</c> before all others, automatic routing and authentication included.</summary>
    /// <param name="services">The app's services.</param>
    /// <remarks>
    /// <para>The middleware has the instrumentation of <c>AddInstrumentator</c>, or else the one of the first
    /// <c>UseInstrumentator</c>, or else <see cref="Instrumentation.Default"/>. <c>UseInstrumentator</c> need not be
    /// called. If it is, the same instrumentation records a request once, and another one records it as well.</para>
    /// <para>The endpoint of a request is not known that early, so each request is tracked: it takes one small object
    /// and more time than behind routing. Prefer <c>app.UseInstrumentator()</c> where the program has the order in
    /// hand. A second call has no effect.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <example><code>builder.Services.AddInstrumentator().AddInstrumentatorStartupFilter();</code></example>
    public static IServiceCollection AddInstrumentatorStartupFilter(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);

        // The filters of the host, which filter hosts and read forwarded headers, are registered already. The first
        // filter is the outermost.
        if (!services.Any(service => service.ImplementationType == typeof(InstrumentatorStartupFilter)))
            services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, InstrumentatorStartupFilter>());
        return services;
    }
}
