using System.Diagnostics.Metrics;

namespace Instrumentator.Benchmarks;

/// <summary>Listens to ASP.NET Core's own metrics of one host. Adds all values to one sum for each thread, whatever
/// their tags.</summary>
internal static class SummingListener
{
    [ThreadStatic]
    private static double _sum;

    public static MeterListener Start(IMeterFactory host)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (
                    instrument.Meter.Name == "Microsoft.AspNetCore.Hosting"
                    && ReferenceEquals(instrument.Meter.Scope, host))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => _sum += value);
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => _sum += value);
        listener.Start();
        return listener;
    }
}
