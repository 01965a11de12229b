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

    private static readonly ConditionalWeakTable<IServiceProvider, List<Action>> _starts = [];

    /// <summary>Whether this builder, or the one that it is a branch of, uses one already.</summary>
    public static bool IsUsed(IDictionary<string, object?> properties) => properties.ContainsKey(Key);

    /// <summary>Remembers it for the metrics endpoint and for branches.</summary>
    public static void Use(IDictionary<string, object?> properties, IServiceProvider services, Instrumentation instrumentation)
    {
        properties[Key] = instrumentation;

        // Two in one app, in a branch and around it: a request may pass both.
        if (!_used.TryAdd(services, instrumentation) && _used.TryGetValue(services, out var first))
            first.Registry.HasNestedRecorders = instrumentation.Registry.HasNestedRecorders = true;
    }

    /// <summary>Does something when the app starts: by then it is known what it uses.</summary>
    public static void AtStart(IServiceProvider services, Action start)
    {
        var starts = _starts.GetOrCreateValue(services);
        lock (starts)
            starts.Add(start);
    }

    /// <summary>The app starts: its pipeline is built. To be called by each who sees it, in whichever order; nothing is done twice.</summary>
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

    /// <summary>What the app uses, or would use.</summary>
    public static Instrumentation Find(IServiceProvider services) =>
        _used.TryGetValue(services, out var used) ? used : services.GetService<Instrumentation>() ?? Instrumentation.Default;

    /// <summary>Whether the environment switch, if there is one, is on. The app's configuration is asked where the environment says nothing.</summary>
    public static bool IsOn(Instrumentation instrumentation, IServiceProvider services) =>
        instrumentation.Config is null || EnvironmentSwitch.IsOn(
            instrumentation.Config,
            name => Environment.GetEnvironmentVariable(name) ?? services.GetService<IConfiguration>()?[name]);
}
