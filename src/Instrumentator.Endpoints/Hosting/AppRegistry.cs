using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Instrumentator;

/// <summary>The <see cref="Registry"/> among an app's services: that of the instrumentation, unless the app registers
/// its own, which then takes the place of <see cref="Registry.Default"/> in the instrumentation.</summary>
/// <param name="all">The app's services.</param>
internal sealed class AppRegistry(IServiceCollection all)
{
    private static readonly Func<IServiceProvider, Registry> _ofInstrumentation =
        static services => AppInstrumentation.Of(services).Default(services).Registry;

    private bool _isBeingCreated;

    /// <summary>Registers the registry of the instrumentation, unless the app registers its own.</summary>
    public static void Register(IServiceCollection services)
    {
        services.TryAddSingleton(_ => new AppRegistry(services));
        services.TryAddSingleton(_ofInstrumentation);
    }

    /// <summary>Returns an instrumentation with the app's own registry in place of
    /// <see cref="Registry.Default"/>.</summary>
    public static Instrumentation Apply(Registry? own, Instrumentation instrumentation) =>
        own is not null && ReferenceEquals(instrumentation.Registry, Registry.Default)
            ? instrumentation.WithRegistry(own)
            : instrumentation;

    /// <summary>Returns the registry that an app registers itself; null if there is none.</summary>
    /// <exception cref="InvalidOperationException">The app creates it from the instrumentation.</exception>
    public static Registry? OwnOf(IServiceProvider services) => services.GetService<AppRegistry>() is { } registered
        ? registered.Own(services)
        : services.GetService<Registry>();

    private Registry? Own(IServiceProvider services)
    {
        var last = all.LastOrDefault(one => one.ServiceType == typeof(Registry) && !one.IsKeyedService);
        if (last is not { Lifetime: ServiceLifetime.Singleton } || last.ImplementationFactory == _ofInstrumentation)
            return null;
        if (_isBeingCreated)
        {
            throw new InvalidOperationException(
                "The app registers a Registry that it creates from its Instrumentation, which is to use that registry. "
                + "Remove the registration: AddInstrumentator registers the registry of the instrumentation.");
        }
        _isBeingCreated = true;
        try
        {
            return services.GetService<Registry>();
        }
        finally
        {
            _isBeingCreated = false;
        }
    }
}
