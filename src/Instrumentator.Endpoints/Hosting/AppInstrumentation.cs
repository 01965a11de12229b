using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
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
    private readonly List<Func<Registry?>> _shown = [];
    private readonly HashSet<string> _off = new(StringComparer.Ordinal);
    private (Instrumentation Instrumentation, bool IsInBranch)[] _used = [];

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

    /// <summary>Returns the instrumentation that a middleware without one uses: that of the services, or else that of
    /// the app's first middleware outside of branches.</summary>
    public Instrumentation Default(IServiceProvider services) =>
        services.GetService<Instrumentation>()
        ?? FirstOfApp
        ?? AppRegistry.Apply(AppRegistry.OwnOf(services), Instrumentation.Default);

    /// <summary>Returns the source of an instrumentation that may change while the app runs; null if it does
    /// not.</summary>
    public static InstrumentationMonitor? MonitorOf(Instrumentation instrumentation, IServiceProvider services) =>
        services.GetService<InstrumentationMonitor>() is { CanChange: true } monitor
        && ReferenceEquals(monitor.First, instrumentation)
            ? monitor
            : null;

    /// <summary>Returns the instrumentation whose metrics the app shows: that of the services if a middleware has it,
    /// or else that of the first middleware, those in branches last.</summary>
    public Instrumentation Shown(IServiceProvider services)
    {
        var registered = services.GetService<Instrumentation>();
        return Array.Exists(_used, one => ReferenceEquals(one.Instrumentation, registered))
            ? registered!
            : FirstOfApp ?? _used.FirstOrDefault().Instrumentation ?? Default(services);
    }

    /// <summary>Stores the instrumentation of a middleware, which may be off.</summary>
    public void Use(Instrumentation instrumentation, bool isInBranch)
    {
        lock (_lock)
            _used = [.. _used, (instrumentation, isInBranch)];
    }

    /// <summary>Adds a metrics endpoint, given how to find its registry.</summary>
    public void Show(Func<Registry?> find)
    {
        lock (_lock)
            _shown.Add(find);
    }

    /// <summary>Logs, once, that a middleware records in a registry that no metrics endpoint shows.</summary>
    public void CheckShown(IServiceProvider services)
    {
        Func<Registry?>[] endpoints;
        Registry[] recorded;
        lock (_lock)
        {
            endpoints = [.. _shown];
            recorded = [.. _middleware.Select(one => one.Instrumentation.Registry)];
            _shown.Clear();
        }
        var logger = AppLogger.Of(services);
        if (endpoints.Length > 0 && recorded.Except(endpoints.Select(find => find())).Any())
            Log.RegistryNotShown(logger);
    }

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

    /// <summary>Runs the actions when the pipeline of an app is built: UseInstrumentator does, but may be
    /// missing.</summary>
    public void StartWith(IEndpointRouteBuilder endpoints)
    {
        if (endpoints is not IApplicationBuilder app)
            return;
        app.Use(next =>
        {
            Start();
            return next;
        });
    }

    /// <summary>Whether the environment switch, if there is one, is on; logs once that it is off. The app's
    /// configuration is read when the environment does not set the variable.</summary>
    public bool IsOn(Instrumentation instrumentation, IServiceProvider services)
    {
        if (instrumentation.Config is not { } config || EnvironmentSwitch.IsOn(config, Read))
            return true;
        LogOff(config.EnabledBy!, Read(config.EnabledBy!), services);
        return false;

        string? Read(string name) =>
            Environment.GetEnvironmentVariable(name) ?? services.GetService<IConfiguration>()?[name];
    }

    /// <summary>Logs that a variable turns an instrumentation off: once for each variable, and as a warning if its
    /// value does not say so.</summary>
    public void LogOff(string variable, string? value, IServiceProvider services)
    {
        lock (_lock)
        {
            if (!_off.Add(variable))
                return;
        }
        var (logger, state) = (AppLogger.Of(services), value is null ? "is not set" : $"is '{value}', not true or 1");
        if (value?.Trim() is null or "" or "0" || value.Trim().Equals("false", StringComparison.OrdinalIgnoreCase))
            Log.SwitchedOff(logger, variable, state);
        else
            Log.SwitchNotOn(logger, variable, state);
    }

    private Instrumentation? FirstOfApp => Array.Find(_used, one => !one.IsInBranch).Instrumentation;
}
