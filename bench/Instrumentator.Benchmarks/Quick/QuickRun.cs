namespace Instrumentator.Benchmarks;

/// <summary>Measures every row once in each of many short rounds, so that a disturbance of the machine affects all rows
/// alike.</summary>
internal static class QuickRun
{
    public static void Run(QuickOptions options, IEnumerable<Case> catalogue)
    {
        var cases = options.Choose(catalogue);
        Series[] all =
        [
            .. cases.Where(one => one.IsExact).SelectMany(one => MeasureOnce(one, options)),
            .. MeasureInRounds(cases, options),
        ];
        Row[] rows =
        [
            .. cases.SelectMany(one => all.Where(series => series.Case == one)).Select(series => Row.Of(series, all)),
        ];
        Console.Write(Table.Of(rows));
        if (options.Json is { } file)
            File.WriteAllText(file, Json.Of(rows));
    }

    private static IReadOnlyList<Series> MeasureOnce(Case one, QuickOptions options)
    {
        using var process = new CaseProcess(one, options.ThreadsOf(one));
        process.Measure();
        return process.Series;
    }

    private static IEnumerable<Series> MeasureInRounds(IEnumerable<Case> cases, QuickOptions options)
    {
        // Warm-ups are not measured, so several may run at once.
        CaseProcess[] processes =
        [
            .. cases
                .Where(one => !one.IsExact)
                .AsParallel()
                .AsOrdered()
                .WithDegreeOfParallelism(Environment.ProcessorCount)
                .Select(one => new CaseProcess(one, options.ThreadsOf(one)).WarmUp()),
        ];
        for (var round = 0; round < options.Rounds; round++)
        {
            for (var turn = 0; turn < processes.Length; turn++)
                processes[(round + turn) % processes.Length].Measure();
        }
        Array.ForEach(processes, process => process.Dispose());
        return processes.SelectMany(process => process.Series);
    }
}
