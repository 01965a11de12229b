using System.Diagnostics.CodeAnalysis;
using Instrumentator;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds an instrumentation to an app's services.</summary>
public static class InstrumentatorServiceCollectionExtensions
{
    private static readonly Func<IServiceProvider, Instrumentation> _first =
        static services => services.GetRequiredService<InstrumentationMonitor>().First;

    /// <summary>Registers <see cref="Instrumentation.Default"/>, and its registry, unless another call changes or
    /// replaces it.</summary>
    /// <param name="services">The app's services.</param>
    /// <remarks>
    /// <para>Calls compose, in order: a function changes what the calls before it made, and a value replaces it. So a
    /// call in <c>ConfigureTestServices</c> of a test changes or replaces the instrumentation of the app.</para>
    /// <para>The services then contain the <see cref="Instrumentation"/> and its <see cref="Registry"/>, as singletons.
    /// A <see cref="Registry"/> that the app registers itself takes the place of <see cref="Registry.Default"/>; a
    /// registry chosen by <see cref="Instrumentation.WithRegistry"/> stays.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <example><code>
    /// builder.Services.AddInstrumentator();
    /// builder.Services.AddSingleton&lt;Orders>();    // class Orders(Registry registry)
    /// </code></example>
    public static IServiceCollection AddInstrumentator(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<AppInstrumentation>();
        services.TryAddSingleton(provider => new InstrumentationMonitor(
            provider, provider.GetServices<InstrumentationStep>()));
        AppRegistry.Register(services);
        var last = services.LastOrDefault(one => one.ServiceType == typeof(Instrumentation) && !one.IsKeyedService);
        if (last?.ImplementationFactory == _first)
            return services;

        // An instrumentation that the app registers itself is a value like that of a call.
        if (StepOf(last) is { } registered)
            services.AddSingleton(registered);
        return services.AddSingleton(_first);
    }

    /// <summary>Registers an instrumentation, in place of those of earlier calls.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="instrumentation">Rules, metric functions and registry.</param>
    /// <remarks>Calls compose: see <see cref="AddInstrumentator(IServiceCollection)"/>.</remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <example><code>
    /// builder.Services.AddInstrumentator(Instrumentation.Default.Add(Metrics.Latency()));
    /// </code></example>
    public static IServiceCollection AddInstrumentator(
        this IServiceCollection services, Instrumentation instrumentation)
    {
        ArgumentNullException.ThrowIfNull(instrumentation);
        return services.AddStep(new((_, _) => instrumentation));
    }

    /// <summary>Registers a change of the instrumentation of earlier calls, or else of
    /// <see cref="Instrumentation.Default"/>.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="change">Returns the changed instrumentation. Called once, when the instrumentation is first needed;
    /// if an earlier call follows options, again after each change of them.</param>
    /// <remarks>Calls compose: see <see cref="AddInstrumentator(IServiceCollection)"/>.</remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">At start-up: <paramref name="change"/> returns null.</exception>
    /// <example><code>
    /// builder.Services.AddInstrumentator(it => it.With(config => config with { GroupStatusCodes = false }));
    /// </code></example>
    public static IServiceCollection AddInstrumentator(
        this IServiceCollection services, Func<Instrumentation, Instrumentation> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return services.AddStep(new(
            (_, instrumentation) => change(instrumentation) ?? throw NoInstrumentation(change)));
    }

    /// <summary>Registers the rules, default metrics and limits of a section of the configuration as a change of the
    /// instrumentation of earlier calls, and its options of metrics endpoints for <c>MapInstrumentator</c> without
    /// options.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="section">The section. Its keys are the names of the properties of <see cref="Config"/>, and
    /// <c>DefaultMetrics</c>, <c>SeriesLimits</c> and <c>Scrape</c>, as docs/options.md lists them.</param>
    /// <remarks>
    /// <para>Rules follow the configuration when it changes, for requests that begin later. A change of what makes
    /// metrics (names, labels, buckets), or of the endpoint, takes effect after a restart; a line in the log names its
    /// keys. Invalid changes are refused: the log lists all errors, and the old values stay.</para>
    /// <para>What the section does not set stays as it is. Names are checked for the registry of the earlier calls: one
    /// that allows names of any text has to be chosen before. Calls compose: see
    /// <see cref="AddInstrumentator(IServiceCollection)"/>.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidConfigException">At start-up: keys are unknown, or values are invalid; the exception
    /// lists all errors with the paths of their keys.</exception>
    /// <example><code>
    /// builder.Services.AddInstrumentator(builder.Configuration.GetSection("Instrumentator"));
    /// </code></example>
    public static IServiceCollection AddInstrumentator(
        this IServiceCollection services, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        var configured = new ConfiguredSection(section);
        return services.AddSingleton(configured).AddStep(new(
            (provider, instrumentation) => configured.Apply(instrumentation, AppLogger.Of(provider)),
            (_, changed) => configured.OnChange(changed)));
    }

    /// <summary>Registers a change of the instrumentation that depends on options and follows them when they change
    /// while the app runs.</summary>
    /// <typeparam name="TOptions">The app's own options, for example bound to a section of the
    /// configuration.</typeparam>
    /// <param name="services">The app's services.</param>
    /// <param name="change">Returns the changed instrumentation from that of earlier calls, or else
    /// <see cref="Instrumentation.Default"/>, and the options, at start-up and after each change.</param>
    /// <remarks>
    /// Requests that begin after a change follow the new rules; running requests are recorded by the old ones. No count
    /// is lost: the registry must stay the same, and families stay. Create metric functions outside of
    /// <paramref name="change"/>, or with the same definition each time. Invalid new rules are refused: the log lists
    /// all errors, and the old rules stay. At start-up they are an error. The metrics endpoint and
    /// <see cref="Config.EnabledBy"/> do not follow the options.
    /// Calls compose: see <see cref="AddInstrumentator(IServiceCollection)"/>.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">At start-up: <paramref name="change"/> returns null.</exception>
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
        return services.AddOptions().AddStep(new(
            (provider, instrumentation) => change(instrumentation, MonitorOf(provider).CurrentValue)
                ?? throw NoInstrumentation(change),
            (provider, changed) => MonitorOf(provider).OnChange((_, name) =>
            {
                // Named options of the same type are other options.
                if (string.IsNullOrEmpty(name))
                    changed();
            })));

        static IOptionsMonitor<TOptions> MonitorOf(IServiceProvider provider) =>
            provider.GetRequiredService<IOptionsMonitor<TOptions>>();
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
        services.TryAddSingleton<AppInstrumentation>();
        AppRegistry.Register(services);
        return services;
    }

    /// <summary>Adds a step to those that make the instrumentation.</summary>
    internal static IServiceCollection AddStep(this IServiceCollection services, InstrumentationStep step) =>
        services.AddInstrumentator().AddSingleton(step);

    private static InstrumentationStep? StepOf(ServiceDescriptor? registered) => registered switch
    {
        { ImplementationInstance: Instrumentation it } => new((_, _) => it),
        { ImplementationFactory: { } create } => new((services, _) => (Instrumentation)create(services)),
        _ => null,
    };

    private static InvalidOperationException NoInstrumentation(Delegate change) => new(
        $"The function that {FunctionName.Of(change)} gives to AddInstrumentator returned null. "
        + "Return an instrumentation: the argument itself to change nothing.");
}
