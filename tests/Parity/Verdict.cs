using System.Text;

namespace Instrumentator.Parity;

/// <summary>The verdict on a scenario: the result must be that of the original, or that of a listed
/// difference.</summary>
internal sealed record Verdict(
    string Stem,
    Scenario Scenario,
    Result Actual,
    Difference? Difference,
    List<string> Mismatches,
    List<string> Notes)
{
    public static Verdict Of(string stem, Scenario scenario, Result actual, Difference? difference, List<string> notes)
    {
        var toOriginal = Comparison.WithOriginal(scenario.Original, actual, scenario.ScrapePath);
        var mismatches = difference is null ? toOriginal
            : toOriginal.Count == 0
                ? ["It is listed as a difference, but ours does what the original does: take it off the list."]
            : Comparison.WithOurs(difference.Expect, actual, scenario.ScrapePath);
        return new Verdict(stem, scenario, actual, difference, mismatches, notes);
    }

    /// <summary>Fails with a report if there are mismatches, and writes the entry that a difference would
    /// need.</summary>
    public void Assert()
    {
        if (Mismatches.Count == 0)
            return;
        Candidates.Write(Stem, Scenario, Actual);
        Xunit.Assert.Fail(Report());
    }

    private string Report()
    {
        var report = new StringBuilder().AppendLine(Scenario.About);
        if (Scenario.Bug is { } bug)
            report.AppendLine($"A bug of the original: {bug.What}. Right would be: {bug.Sane}");
        report.AppendLine(Difference is null
            ? "Not as the original:"
            : $"Not as listed in differences.json ({Difference.Reason}):");
        foreach (var line in Mismatches)
            report.AppendLine($"  {line}");
        foreach (var note in Notes)
            report.AppendLine($"  Note: {note}");
        return report.ToString();
    }
}
