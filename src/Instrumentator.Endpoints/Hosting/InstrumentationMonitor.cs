using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Instrumentator;

/// <summary>An instrumentation that follows options when they change while the app runs.</summary>
internal interface IInstrumentationMonitor
{
    /// <summary>The instrumentation that the app starts with.</summary>
    Instrumentation First { get; }

    /// <summary>Passes on the instrumentation of each later change, and the current one if it is no longer the
    /// first.</summary>
    /// <param name="use">Applies it. If this throws, the exception is logged and the previous one stays.</param>
    void OnChange(Action<Instrumentation> use);
}

/// <summary>An instrumentation that follows options of one type.</summary>
internal sealed class InstrumentationMonitor<
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>
    : IInstrumentationMonitor
    where TOptions : class
{
    private readonly IOptionsMonitor<TOptions> _monitor;
    private readonly Func<Instrumentation, TOptions, Instrumentation> _apply;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly List<Action<Instrumentation>> _uses = [];
    private TOptions _options;
    private Instrumentation _current;

    /// <summary>Follows options.</summary>
    /// <param name="monitor">Reports changes.</param>
    /// <param name="apply">Creates the instrumentation.</param>
    /// <param name="logger">Logs the errors of a new one.</param>
    public InstrumentationMonitor(
        IOptionsMonitor<TOptions> monitor, Func<Instrumentation, TOptions, Instrumentation> apply, ILogger logger)
    {
        (_monitor, _apply, _logger, _options) = (monitor, apply, logger, monitor.CurrentValue);
        First = _current = Apply(_options);
    }

    public Instrumentation First { get; }

    public void OnChange(Action<Instrumentation> use)
    {
        lock (_lock)
        {
            if (_current != First)
                use(_current);
            _uses.Add(use);
            if (_uses.Count == 1)
                _monitor.OnChange(Change);
        }
        Change(_monitor.CurrentValue, null);
    }

    // One write to a file may raise two notifications, on two threads. Named options of the same type are other
    // options.
    private void Change(TOptions options, string? name)
    {
        if (!string.IsNullOrEmpty(name))
            return;
        lock (_lock)
        {
            if (ReferenceEquals(options, _options))
                return;
            try
            {
                _options = options;
                Use(Apply(options));
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
                "The new options use another registry, whose counts would start at 0. "
                + "Use the same registry for all options.");
        }
        foreach (var use in _uses)
            use(next);
        _current = next;
        Log.ConfigurationChanged(_logger);
    }

    private Instrumentation Apply(TOptions options) => _apply(Instrumentation.Default, options)
        ?? throw new InvalidOperationException(
            "The function given to AddInstrumentator returned null. "
            + "To change nothing, return the argument.");
}
