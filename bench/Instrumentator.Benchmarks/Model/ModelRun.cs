namespace Instrumentator.Benchmarks;

/// <summary>What goes between the caches of more cores than the machine has, as a table.</summary>
internal static class ModelRun
{
    public static void Run(int lineSize)
    {
        Console.WriteLine($"{"design",-20}{"cores",6}{"transfers",12}{"hottest line",14}{"its queue",11}   a request");
        foreach (var design in Design.All(lineSize))
        {
            for (var cores = 1; cores <= Design.MostCores; cores *= 2)
                Console.WriteLine(Row(design.Name, cores, new Simulation(design, cores).Run()));
        }
    }

    private static string Row(string design, int cores, (double All, double Hottest) transfers) =>
        FormattableString.Invariant($"{design,-20}{cores,6}{transfers.All,12:N3}{transfers.Hottest,14:N3}{transfers.Hottest * cores,11:N1}");
}
