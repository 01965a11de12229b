using System.Text;

namespace Instrumentator.Benchmarks;

/// <summary>Formats the phases as tables.</summary>
internal static class PausesTable
{
    public static string Of(IReadOnlyList<PhaseCost> phases)
    {
        var text = new StringBuilder();
        text.AppendLine($"\n{"requests while",-16}{Heading}");
        foreach (var phase in phases)
            text.AppendLine($"{phase.Name,-16}{Line(phase.Requests)}");
        text.AppendLine($"\n{"the other thread",-16}{Heading}");
        foreach (var phase in phases)
            text.AppendLine($"{phase.Name,-16}{Line(phase.Others)}");
        text.AppendLine(
            $"\n{"collector",-16}{"seconds",10}{"paused, ms",12}{"gen 0",8}{"gen 1",8}{"gen 2",8}{"allocated, MB",15}{"heap grew, MB",15}");
        foreach (var phase in phases)
            text.AppendLine($"{phase.Name,-16}{Line(phase.Collected)}");
        return text.ToString();
    }

    private static string Heading =>
        $"{"times",12}{"p50, us",12}{"p99",10}{"p99.9",10}{"p99.99",10}{"longest",12}{"beside GC",12}";

    private static string Line(Times times) =>
        FormattableString.Invariant(
            $"{times.Count,12:N0}{times.Quantile(0.5),12:N2}{times.Quantile(0.99),10:N2}{times.Quantile(0.999),10:N2}{times.Quantile(0.9999),10:N1}{times.Longest,12:N0}{times.LongestBesideGc,12:N0}");

    private static string Line(Collected collected) =>
        FormattableString.Invariant(
            $"{collected.Time.TotalSeconds,10:N2}{collected.Paused.TotalMilliseconds,12:N1}{collected.Counts[0],8}{collected.Counts[1],8}{collected.Counts[2],8}{collected.Allocated / 1e6,15:N1}{collected.Heap / 1e6,15:N1}");
}
