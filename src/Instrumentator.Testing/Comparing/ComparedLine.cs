using System.Runtime.InteropServices;

namespace Instrumentator.Testing;

/// <summary>A line prepared for comparison. Lines with the same key describe the same thing.</summary>
/// <param name="Family">The name of the line's family in Prometheus text format.</param>
/// <param name="Place">The sort position within the family.</param>
/// <param name="Key">The series of a sample, or the keyword of a metadata line.</param>
/// <param name="Text">The line as a difference shows it.</param>
/// <param name="Sample">The sample that is compared; null for metadata, which is compared by its text.</param>
internal sealed record ComparedLine(string Family, Place Place, string Key, string Text, ParsedSample? Sample)
{
    public static ComparedLine OfMetadata(string family, string keyword, string text) =>
        new(family, default, keyword, $"# {keyword} {SampleText.Name(family, colons: true)} {text}", null);

    /// <summary>Whether the sample is the start time of a series.</summary>
    public bool IsCreated { get; init; }

    public static ComparedLine OfSample(string family, ParsedSample sample)
    {
        Label[] labels = [.. sample.Labels.Select(Comparable).OrderBy(label => label.Name, StringComparer.Ordinal)];
        var place = new Place(
            SampleText.Series("", labels.Where(label => label.Name is not ("le" or "quantile"))),
            sample.Name,
            NumberText.OfLabel(sample.ValueOf("le") ?? sample.ValueOf("quantile")));
        return new(family, place, SampleText.Series(sample.Name, labels), TextOf(sample), sample);
    }

    /// <summary>Returns whether an actual line matches this expected line. A timestamp or exemplar that the expected
    /// line lacks is not compared.</summary>
    public bool IsMetBy(ComparedLine actual) => Sample is null ? Text == actual.Text
        : actual.Sample is { } other && Sample.Value.Equals(other.Value)
            && (Sample.Timestamp is null || Sample.Timestamp == other.Timestamp)
            && (Sample.Exemplar is null || IsMetBy(Sample.Exemplar, other.Exemplar));

    private static bool IsMetBy(Exemplar expected, Exemplar? actual) =>
        actual is not null && expected with { Timestamp = expected.Timestamp ?? actual.Timestamp } == actual;

    private static Label Comparable(Label label) =>
        label.Name is "le" or "quantile" && NumberText.OfLabel(label.Value) is { } number
            ? new(label.Name, SampleText.Number(number))
            : label;

    private static string TextOf(ParsedSample sample) =>
        sample.ToString()
            + (sample.Timestamp is { } at ? $" {SampleText.Number(at)}" : "")
            + (sample.Exemplar is { } exemplar ? TextOf(exemplar) : "");

    private static string TextOf(Exemplar exemplar)
    {
        var labels = SampleText.Series("x", exemplar.Labels)[1..];
        return $" # {(labels.Length > 0 ? labels : "{}")} {SampleText.Number(exemplar.Value)}"
            + (exemplar.Timestamp is { } at ? $" {SampleText.Number(at)}" : "");
    }
}

/// <summary>The sort position of a line: metadata first, then samples by labels, name, and bound or quantile.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Place(string? Labels, string? Name, double? Number)
{
    public static IEnumerable<T> Sort<T>(IEnumerable<T> items, Func<T, Place> placeOf) => items
        .OrderBy(item => placeOf(item).Labels, StringComparer.Ordinal)
        .ThenBy(item => placeOf(item).Name, StringComparer.Ordinal)
        .ThenBy(item => placeOf(item).Number);
}
