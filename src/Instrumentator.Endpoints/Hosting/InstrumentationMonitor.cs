using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Instrumentator;

/// <summary>An instrumentation that follows options which may change while the app runs.</summary>
internal interface IInstrumentationMonitor
{
    /// <summary>The one that the app starts with.</summary>
    Instrumentation First { get; }

    /// <summary>Hands on each instrumentation that options lead to from now on, and the present one where it is another than the first.</summary>
    /// <param name="use">Puts it into use. What it throws is logged, and the one before stays.</param>
    void OnChange(Action<Instrumentation> use);
}

/// <summary>The same for options of one type.</summary>
internal sealed class InstrumentationMonitor<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions> : IInstrumentationMonitor
    where TOptions : class
{
    private readonly IOptionsMonitor<TOptions> _monitor;
    private readonly Func<Instrumentation, TOptions, Instrumentation> _apply;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private TOptions _options;
    private Instrumentation _current;

    /// <summary>Follows options.</summary>
    /// <param name="monitor">Tells of changes.</param>
    /// <param name="apply">Makes the instrumentation.</param>
    /// <param name="logger">Gets what is wrong with a new one.</param>
    public InstrumentationMonitor(IOptionsMonitor<TOptions> monitor, Func<Instrumentation, TOptions, Instrumentation> apply, ILogger logger)
    {
        (_monitor, _apply, _logger, _options) = (monitor, apply, logger, monitor.CurrentValue);
        First = _current = Apply(_options);
    }

    public Instrumentation First { get; }

    public void OnChange(Action<Instrumentation> use)
    {
        // Options of that type under other names are other options.
        _monitor.OnChange((options, name) =>
        {
            if (string.IsNullOrEmpty(name))
                Change(options, use);
        });
        Change(_monitor.CurrentValue, use);
    }

    // A file that is written may be told of twice, and by two threads.
    private void Change(TOptions options, Action<Instrumentation> use)
    {
        lock (_lock)
        {
            if (ReferenceEquals(options, _options))
                return;
            try
            {
                _options = options;
                Use(Apply(options), use);
            }
#pragma warning disable CA1031 // Whatever is wrong with new options, the app goes on with those that it has.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Log.ConfigurationRefused(_logger, e);
            }
        }
    }

    private void Use(Instrumentation next, Action<Instrumentation> use)
    {
        if (next == _current)
            return;
        if (!ReferenceEquals(next.Registry, _current.Registry))
            throw new InvalidOperationException("The options lead to another registry, whose counts would begin at 0. Keep the registry outside of what the options change.");
        use(next);
        _current = next;
        Log.ConfigurationChanged(_logger);
    }

    private Instrumentation Apply(TOptions options) => _apply(Instrumentation.Default, options)
        ?? throw new InvalidOperationException("The function given to AddInstrumentator returned null. For no change, return the instrumentation that it gets.");
}
