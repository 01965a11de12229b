using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator;

/// <summary>Which instrumentation an app uses, and whether it is on.</summary>
internal static class AppInstrumentation
{
    private const string Key = "Instrumentator.Instrumentation";

    public static bool IsUsed(IDictionary<string, object?> properties) => properties.ContainsKey(Key);

    /// <summary>Remembers it for the metrics endpoint and for branches.</summary>
    public static void Use(IDictionary<string, object?> properties, Instrumentation instrumentation) => properties[Key] = instrumentation;

    /// <summary>What the app uses, or would use.</summary>
    public static Instrumentation Find(IDictionary<string, object?> properties, IServiceProvider services) =>
        properties.TryGetValue(Key, out var used) && used is Instrumentation instrumentation
            ? instrumentation
            : services.GetService<Instrumentation>() ?? Instrumentation.Default;

    /// <summary>Whether the environment switch, if there is one, is on. The app's configuration is asked where the environment says nothing.</summary>
    public static bool IsOn(Instrumentation instrumentation, IServiceProvider services) =>
        EnvironmentSwitch.IsOn(
            instrumentation.Config,
            name => Environment.GetEnvironmentVariable(name) ?? services.GetService<IConfiguration>()?[name]);
}
