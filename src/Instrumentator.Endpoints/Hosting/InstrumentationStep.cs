namespace Instrumentator;

/// <summary>One call of <c>AddInstrumentator</c>. The services contain all of them, in order.</summary>
/// <param name="Apply">Returns the instrumentation after this step from the one before it.</param>
/// <param name="OnChange">Calls an action whenever the step may have another result, until it is disposed; null for a
/// step that depends on nothing but its argument.</param>
internal sealed record InstrumentationStep(
    Func<IServiceProvider, Instrumentation, Instrumentation> Apply,
    Func<IServiceProvider, Action, IDisposable?>? OnChange = null);
