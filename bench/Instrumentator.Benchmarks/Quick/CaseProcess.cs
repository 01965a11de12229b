using System.Diagnostics;
using System.Globalization;

namespace Instrumentator.Benchmarks;

/// <summary>Runs a case in a separate process, which sleeps between its turns.</summary>
/// <remarks>There the JIT profiles this case alone, as it does in an app. What is set for a whole process, as the F#
/// handlers do, affects no other row.</remarks>
internal sealed class CaseProcess : IDisposable
{
    private readonly Case _case;
    private readonly Process _process;

    public CaseProcess(Case started, IEnumerable<int> threads)
    {
        _case = started;
        Series = [.. threads.Select(number => new Series(started, number))];
        _process = Process.Start(
            new ProcessStartInfo("dotnet", ["exec", Environment.GetCommandLineArgs()[0], "--case", started.Name])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
    }

    /// <summary>The measured costs, for each number of threads.</summary>
    public IReadOnlyList<Series> Series { get; }

    public CaseProcess WarmUp()
    {
        foreach (var series in Series)
            Ask(series.Threads);
        return this;
    }

    public void Measure()
    {
        foreach (var series in Series)
            series.Add(Ask(series.Threads));
    }

    // The process ends when its input ends.
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private Cost Ask(int threads)
    {
        _process.StandardInput.WriteLine(threads.ToString(CultureInfo.InvariantCulture));
        return Cost.Parse(
            _process.StandardOutput.ReadLine()
                ?? throw new InvalidOperationException($"The process of {_case.Name} ended: see above."));
    }
}
