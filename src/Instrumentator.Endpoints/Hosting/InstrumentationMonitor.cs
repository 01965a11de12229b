using Microsoft.Extensions.Logging;

namespace Instrumentator;

/// <summary>The instrumentation of an app's services: what the calls of <c>AddInstrumentator</c> make of
/// <see cref="Instrumentation.Default"/>, in order. It is computed again when a step may have another result.</summary>
/// <remarks>Steps before the first one that may change run once. Safe for use by many threads.</remarks>
internal sealed class InstrumentationMonitor : IDisposable
{
    private readonly IServiceProvider _services;
    private readonly ILogger _logger;
    private readonly Registry? _own;
    private readonly InstrumentationStep[] _changing;
    private readonly Instrumentation _fixed;
    private readonly IDisposable?[] _subscriptions;
    private readonly Lock _lock = new();
    private readonly List<Action<Instrumentation>> _uses = [];
    private Instrumentation _current;

    /// <summary>Runs all steps.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="steps">The calls of <c>AddInstrumentator</c>.</param>
    public InstrumentationMonitor(IServiceProvider services, IEnumerable<InstrumentationStep> steps)
    {
        (_services, _logger, _own) = (services, AppLogger.Of(services), AppRegistry.OwnOf(services));
        var all = steps.ToArray();
        var once = all.TakeWhile(step => step.OnChange is null).ToArray();
        _changing = all[once.Length..];
        _fixed = Run(once, AppRegistry.Apply(_own, Instrumentation.Default));

        // A change while the steps run waits for the lock, and is not lost.
        lock (_lock)
        {
            _subscriptions = Array.ConvertAll(_changing, step => step.OnChange?.Invoke(services, Change));
            try
            {
                First = _current = Run(_changing, _fixed);
            }
            catch
            {
                Dispose();
                throw;
            }
        }
    }

    /// <summary>The instrumentation that the app starts with.</summary>
    public Instrumentation First { get; }

    /// <summary>Whether the instrumentation may change while the app runs.</summary>
    public bool CanChange => _changing.Length > 0;

    /// <summary>Passes on the instrumentation after each later change, and the current one if it is no longer the
    /// first.</summary>
    /// <param name="use">Applies it. If this throws, the exception is logged and the previous one stays.</param>
    public void OnChange(Action<Instrumentation> use)
    {
        lock (_lock)
        {
            if (_current != First)
                use(_current);
            _uses.Add(use);
        }
    }

    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
            subscription?.Dispose();
    }

    // One write to a file may raise several notifications, on several threads.
    private void Change()
    {
        lock (_lock)
        {
            try
            {
                Use(Run(_changing, _fixed));
            }
#pragma warning disable CA1031 // Whatever is wrong with new options, the app keeps the old ones.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Log.ConfigurationRefused(_logger, e);
            }
        }
    }

    private void Use(Instrumentation next)
    {
        if (next == _current)
            return;
        if (!ReferenceEquals(next.Registry, _current.Registry))
        {
            throw new InvalidOperationException(
                "The new options use another registry, whose counts would start at 0. Use the same registry for all "
                + "options, and create it outside of the functions that are given to AddInstrumentator.");
        }
        foreach (var use in _uses)
            use(next);
        _current = next;
        Log.ConfigurationChanged(_logger);
    }

    private Instrumentation Run(InstrumentationStep[] steps, Instrumentation first) => steps.Aggregate(
        first, (instrumentation, step) => AppRegistry.Apply(_own, step.Apply(_services, instrumentation)));
}
