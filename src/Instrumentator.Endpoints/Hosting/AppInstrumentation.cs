using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Instrumentator;

/// <summary>The instrumentations that an app uses, and what waits for its start.</summary>
internal sealed class AppInstrumentation
{
    private static readonly ConditionalWeakTable<object, AppInstrumentation> _apps = [];

    private readonly Lock _lock = new();
    private readonly List<(Instrumentation Instrumentation, RequestRecorder Recorder)> _middleware = [];
    private readonly HashSet<RequestRecorder> _built = [];
    private readonly List<Action> _starts = [];
    private Instrumentation? _first;

    /// <summary>Whether the app has a middleware that records requests.</summary>
    public bool HasMiddleware
    {
        get
        {
            lock (_lock)
                return _middleware.Count > 0;
        }
    }

    /// <summary>Returns the state of an app.</summary>
    /// <param name="services">The app's services. A <c>WebApplication</c>, its host, its branches and its requests have
    /// different provider objects, but the same singletons.</param>
    public static AppInstrumentation Of(IServiceProvider services) =>
        services.GetService<AppInstrumentation>()
        ?? _apps.GetOrCreateValue(services.GetService<IHostApplicationLifetime>() ?? (object)services);

    /// <summary>Returns the instrumentation that a middleware without one uses.</summary>
    public Instrumentation Default(IServiceProvider services) =>
        services.GetService<Instrumentation>()
        ?? _first
        ?? AppRegistry.Apply(AppRegistry.OwnOf(services), Instrumentation.Default);

    /// <summary>Returns the source of an instrumentation that may change while the app runs; null if it does
    /// not.</summary>
    public static InstrumentationMonitor? MonitorOf(Instrumentation instrumentation, IServiceProvider services) =>
        services.GetService<InstrumentationMonitor>() is { CanChange: true } monitor
        && ReferenceEquals(monitor.First, instrumentation)
            ? monitor
            : null;

    /// <summary>Returns the instrumentation whose metrics the app shows: that of its first middleware.</summary>
    public Instrumentation Shown(IServiceProvider services) => _first ?? Default(services);

    /// <summary>Stores the instrumentation of a middleware, which may be off.</summary>
    public void Use(Instrumentation instrumentation) => _first ??= instrumentation;

    /// <summary>Adds a middleware. A request may pass through two of them.</summary>
    public void Add(Instrumentation instrumentation, RequestRecorder recorder)
    {
        lock (_lock)
        {
            _middleware.Add((instrumentation, recorder));
            if (_middleware.Count == 1)
                return;
            foreach (var one in _middleware)
                one.Recorder.TrackAll();
        }
    }

    /// <summary>Whether an earlier middleware, of another instrumentation, records in the same metrics.</summary>
    public bool SharesMetrics(Instrumentation instrumentation, RequestRecorder recorder)
    {
        lock (_lock)
        {
            return _middleware
                .TakeWhile(one => one.Recorder != recorder)
                .Any(one => one.Instrumentation != instrumentation && one.Recorder.IsSameAs(recorder));
        }
    }

    /// <summary>Marks a middleware as built, and returns whether another one of its instrumentation is around it.
    /// </summary>
    /// <remarks>An app builds its middleware from the inside to the outside, and a branch where it is added.</remarks>
    public bool Build(RequestRecorder recorder)
    {
        lock (_lock)
        {
            _built.Add(recorder);
            return _middleware.Exists(one => !_built.Contains(one.Recorder) && one.Recorder.IsSameAs(recorder));
        }
    }

    /// <summary>Adds an action to run when the app starts and its instrumentation is known.</summary>
    public void AtStart(Action start)
    {
        lock (_lock)
            _starts.Add(start);
    }

    /// <summary>Runs the actions when the app starts and its pipeline is built. Every component that sees the start
    /// calls it, in any order; each action runs once.</summary>
    public void Start()
    {
        Action[] now;
        lock (_lock)
        {
            now = [.. _starts];
            _starts.Clear();
        }
        foreach (var start in now)
            start();
    }

    /// <summary>Whether the environment switch, if there is one, is on. The app's configuration is read when the
    /// environment does not set the variable.</summary>
    public static bool IsOn(Instrumentation instrumentation, IServiceProvider services) =>
        instrumentation.Config is null || EnvironmentSwitch.IsOn(
            instrumentation.Config,
            name => Environment.GetEnvironmentVariable(name) ?? services.GetService<IConfiguration>()?[name]);
}
