namespace Instrumentator;

/// <summary>A gauge of another library: its exceptions are reported and never reach the request that it
/// counts.</summary>
internal sealed class GuardedGauge(Gauge inner, Action<Exception> report) : Gauge
{
    public override double Value => inner.Value;

    /// <summary>Returns the gauge of a series, guarded unless it is in the built-in backend; an unregistered one if it
    /// cannot be created.</summary>
    public static Gauge Of(Family<Gauge> family, string[] values, Action<Exception> report)
    {
        if (family.IsOwn)
            return family.With(values);
        try
        {
            return new GuardedGauge(family.With(values), report);
        }
#pragma warning disable CA1031 // Another library may throw anything.
        catch (Exception e)
#pragma warning restore CA1031
        {
            report(e);
            return new GaugeCell();
        }
    }

    public override void Set(double value) => Try(() => inner.Set(value));

    public override void Add(double amount) => Try(() => inner.Add(amount));

    private void Try(Action action)
    {
        try
        {
            action();
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            report(e);
        }
    }
}
