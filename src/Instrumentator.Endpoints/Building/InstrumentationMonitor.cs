using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Instrumentator;

/// <summary>An instrumentation that follows options which may change while the app runs.</summary>
internal interface IInstrumentationMonitor
{
    /// <summary>Hands on each instrumentation that options lead to from now on.</summary>
    /// <param name="use">Puts it into use. What it throws is logged, and the one before stays.</param>
    void OnChange(Action<Instrumentation> use);
}

/// <summary>The same for options of one type.</summary>
/// <param name="monitor">Tells of changes.</param>
/// <param name="apply">Makes the instrumentation.</param>
/// <param name="current">The one that the app started with.</param>
/// <param name="logger">Gets what is wrong with the new one.</param>
internal sealed class InstrumentationMonitor<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
    IOptionsMonitor<TOptions> monitor, Func<Instrumentation, TOptions, Instrumentation> apply, Instrumentation current, ILogger logger) : IInstrumentationMonitor
{
    private readonly Lock _lock = new();
    private Instrumentation _current = current;

    public void OnChange(Action<Instrumentation> use) => monitor.OnChange(options => Change(options, use));

    // A file that is written may be told of twice, and by two threads.
    private void Change(TOptions options, Action<Instrumentation> use)
    {
        lock (_lock)
        {
            try
            {
                var next = apply(Instrumentation.Default, options);
                if (next == _current)
                    return;
                if (!ReferenceEquals(next.Registry, _current.Registry))
                    throw new InvalidOperationException("The options lead to another registry, whose counts would begin at 0. Keep the registry outside of what the options change.");
                use(next);
                _current = next;
                Log.ConfigurationChanged(logger);
            }
#pragma warning disable CA1031 // Whatever is wrong with new options, the app goes on with those that it has.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Log.ConfigurationRefused(logger, e);
            }
        }
    }
}
