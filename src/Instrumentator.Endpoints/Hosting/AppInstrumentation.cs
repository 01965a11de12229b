using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator;

/// <summary>Keeps the instrumentation that an app uses, and whether it is on.</summary>
internal static class AppInstrumentation
{
    private const string Key = "Instrumentator.Instrumentation";

    // Keyed by the app's services, since the builders of branches and groups copy the app's properties.
    private static readonly ConditionalWeakTable<IServiceProvider, Instrumentation> _used = [];

    private static readonly ConditionalWeakTable<IServiceProvider, List<Action>> _starts = [];

    /// <summary>Whether this builder, or the builder that it branches from, uses an instrumentation already.</summary>
    public static bool IsUsed(IDictionary<string, object?> properties) => properties.ContainsKey(Key);

    /// <summary>Stores the instrumentation for the metrics endpoint and for branches.</summary>
    public static void Use(
        IDictionary<string, object?> properties, IServiceProvider services, Instrumentation instrumentation)
    {
        properties[Key] = instrumentation;

        // Two in one app, in a branch and around it: a request may pass through both.
        if (!_used.TryAdd(services, instrumentation) && _used.TryGetValue(services, out var first))
            first.Registry.HasNestedRecorders = instrumentation.Registry.HasNestedRecorders = true;
    }

    /// <summary>Adds an action to run when the app starts and its instrumentation is known.</summary>
    public static void AtStart(IServiceProvider services, Action start)
    {
        var starts = _starts.GetOrCreateValue(services);
        lock (starts)
            starts.Add(start);
    }

    /// <summary>Runs the actions when the app starts and its pipeline is built. Every component that sees the start
    /// calls it, in any order; each action runs once.</summary>
    public static void Start(IServiceProvider services)
    {
        if (!_starts.TryGetValue(services, out var starts))
            return;
        Action[] now;
        lock (starts)
        {
            now = [.. starts];
            starts.Clear();
        }
        foreach (var start in now)
            start();
    }

    /// <summary>Returns the instrumentation that the app uses, or would use.</summary>
    public static Instrumentation Find(IServiceProvider services) =>
        _used.TryGetValue(services, out var used)
            ? used
            : services.GetService<Instrumentation>() ?? Instrumentation.Default;

    /// <summary>Whether the environment switch, if there is one, is on. The app's configuration is read when the
    /// environment does not set the variable.</summary>
    public static bool IsOn(Instrumentation instrumentation, IServiceProvider services) =>
        instrumentation.Config is null || EnvironmentSwitch.IsOn(
            instrumentation.Config,
            name => Environment.GetEnvironmentVariable(name) ?? services.GetService<IConfiguration>()?[name]);
}
