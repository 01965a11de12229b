using System.Globalization;

namespace Instrumentator.Benchmarks;

/// <summary>The inside of a <see cref="CaseProcess"/>: measures one case whenever it is asked, on standard input, for a number of threads.</summary>
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
