namespace Instrumentator;

/// <summary>A gauge that another library keeps: what it throws is told, and never reaches the request that it counts.</summary>
internal sealed class GuardedGauge(Gauge inner, Action<Exception> report) : Gauge
{
    public override double Value => inner.Value;

    /// <summary>The gauge of a series, guarded where it is not memory of our own; one that nobody sees where it cannot be made.</summary>
    public static Gauge Of(Family<Gauge> family, string[] values, Action<Exception> report)
    {
        if (family.IsOwn)
            return family.With(values);
        try
        {
            return new GuardedGauge(family.With(values), report);
        }
#pragma warning disable CA1031 // It is another library's.
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
