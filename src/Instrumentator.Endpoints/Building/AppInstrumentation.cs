using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator;

/// <summary>Which instrumentation an app uses, and whether it is on.</summary>
internal static class AppInstrumentation
{
    private const string Key = "Instrumentator.Instrumentation";

    // By the app's services, since builders of branches and groups have copies of its properties.
    private static readonly ConditionalWeakTable<IServiceProvider, Instrumentation> _used = [];

    /// <summary>Whether this builder, or the one that it is a branch of, uses one already.</summary>
    public static bool IsUsed(IDictionary<string, object?> properties) => properties.ContainsKey(Key);

    /// <summary>Remembers it for the metrics endpoint and for branches.</summary>
    public static void Use(IDictionary<string, object?> properties, IServiceProvider services, Instrumentation instrumentation)
    {
        properties[Key] = instrumentation;

        // Two in one app, in a branch and around it: the requests that pass both must find each other.
        if (!_used.TryAdd(services, instrumentation))
            HandlerTemplates.Use();
    }

    /// <summary>What the app uses, or would use.</summary>
    public static Instrumentation Find(IServiceProvider services) =>
        _used.TryGetValue(services, out var used) ? used : services.GetService<Instrumentation>() ?? Instrumentation.Default;

    /// <summary>Whether the environment switch, if there is one, is on. The app's configuration is asked where the environment says nothing.</summary>
    public static bool IsOn(Instrumentation instrumentation, IServiceProvider services) =>
        instrumentation.Config is null || EnvironmentSwitch.IsOn(
            instrumentation.Config,
            name => Environment.GetEnvironmentVariable(name) ?? services.GetService<IConfiguration>()?[name]);
}
