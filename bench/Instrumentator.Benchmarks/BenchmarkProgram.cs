using System.Globalization;
using BenchmarkDotNet.Running;

namespace Instrumentator.Benchmarks;

/// <summary>Runs a benchmark program by its arguments.</summary>
internal static class BenchmarkProgram
{
    /// <summary>Runs the mode that the arguments choose.</summary>
    /// <param name="args">The arguments of the program; see bench/README.md.</param>
    /// <param name="rows">All rows of the program. It starts itself again for each of them.</param>
    public static async Task RunAsync(string[] args, IEnumerable<Case> rows)
    {
        if (Value("--case") is { } name)
        {
            CaseServer.Serve(rows.First(one => one.Name == name));
        }
        else if (Value("--serve") is { } variant)
        {
            await WebServer.RunAsync(variant, int.Parse(Value("--port") ?? "0"));
        }
        else if (args.Contains("--quick"))
        {
            QuickRun.Run(QuickOptions.Parse(Value), rows);
        }
        else if (args.Contains("--pauses"))
        {
            PausesRun.Run(
                int.Parse(Value("--series") ?? "1000000"),
                double.Parse(Value("--seconds") ?? "5", CultureInfo.InvariantCulture));
        }
        else if (Value("--view") is { } page)
        {
            await PageRun.ViewAsync(page, int.Parse(Value("--viewers") ?? "10"), int.Parse(Value("--seconds") ?? "20"));
        }
        else if (args.Contains("--page"))
        {
            await PageRun.RunAsync(
                int.Parse(Value("--handlers") ?? "1000"),
                int.Parse(Value("--viewers") ?? "10"),
                int.Parse(Value("--seconds") ?? "20"));
        }
        else
        {
            BenchmarkSwitcher.FromAssembly(typeof(BenchmarkProgram).Assembly).Run(args);
        }

        string? Value(string option) => args.SkipWhile(argument => argument != option).Skip(1).FirstOrDefault();
    }
}
