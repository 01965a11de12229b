using System.Globalization;

namespace Instrumentator.Benchmarks;

/// <summary>Runs in the process of a <see cref="CaseProcess"/>: reads numbers of threads from standard input, and
/// measures the case for each.</summary>
internal static class CaseServer
{
    public static void Serve(Case served)
    {
        var prepared = new Dictionary<int, IMeasurement>();
        while (Console.ReadLine() is { } line)
        {
            var threads = int.Parse(line, CultureInfo.InvariantCulture);
            if (!prepared.TryGetValue(threads, out var measurement))
                (prepared[threads] = measurement = served.Prepare(threads)).WarmUp();
            Console.WriteLine(measurement.Measure());
        }
    }
}
