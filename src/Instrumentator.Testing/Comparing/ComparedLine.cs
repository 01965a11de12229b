using System.Runtime.InteropServices;

namespace Instrumentator.Testing;

/// <summary>A line as it is compared: what must be the same for two lines to be about the same thing, and what they say of it.</summary>
/// <param name="Family">The name of its family, as in Prometheus's format.</param>
/// <param name="Place">Where it is listed within its family.</param>
/// <param name="Key">What it is about.</param>
/// <param name="Text">The line, for people.</param>
/// <param name="Sample">What it says, for a sample; null for metadata, which says its text.</param>
internal sealed record ComparedLine(string Family, Place Place, string Key, string Text, ParsedSample? Sample)
{
    public static ComparedLine OfMetadata(string family, string keyword, string text) =>
        new(family, default, keyword, $"# {keyword} {SampleText.Name(family, colons: true)} {text}", null);

    public static ComparedLine OfSample(string family, ParsedSample sample)
    {
        Label[] labels = [.. sample.Labels.Select(Comparable).OrderBy(label => label.Name, StringComparer.Ordinal)];
        var place = new Place(SampleText.Series("", labels.Where(label => label.Name is not ("le" or "quantile"))), sample.Name, NumberText.OfLabel(sample.ValueOf("le") ?? sample.ValueOf("quantile")));
        return new(family, place, SampleText.Series(sample.Name, labels), TextOf(sample), sample);
    }

    /// <summary>Whether a line of the scrape says what this one, an expected one, does. What this one does not say, it does not ask for.</summary>
    public bool IsMetBy(ComparedLine actual) => Sample is null ? Text == actual.Text
        : actual.Sample is { } other && Sample.Value.Equals(other.Value)
            && (Sample.Timestamp is null || Sample.Timestamp == other.Timestamp)
            && (Sample.Exemplar is null || IsMetBy(Sample.Exemplar, other.Exemplar));

    private static bool IsMetBy(Exemplar expected, Exemplar? actual) => actual is not null && expected with { Timestamp = expected.Timestamp ?? actual.Timestamp } == actual;

    private static Label Comparable(Label label) =>
        label.Name is "le" or "quantile" && NumberText.OfLabel(label.Value) is { } number ? new(label.Name, SampleText.Number(number)) : label;

    private static string TextOf(ParsedSample sample) =>
        sample.ToString() + (sample.Timestamp is { } at ? $" {SampleText.Number(at)}" : "") + (sample.Exemplar is { } exemplar ? TextOf(exemplar) : "");

    private static string TextOf(Exemplar exemplar)
    {
        var labels = SampleText.Series("x", exemplar.Labels)[1..];
        return $" # {(labels.Length > 0 ? labels : "{}")} {SampleText.Number(exemplar.Value)}" + (exemplar.Timestamp is { } at ? $" {SampleText.Number(at)}" : "");
    }
}

/// <summary>Where a line is listed: metadata first, then series by series, buckets and quantiles by their numbers.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Place(string? Labels, string? Name, double? Number)
{
    public static IEnumerable<T> Sort<T>(IEnumerable<T> items, Func<T, Place> placeOf) => items
        .OrderBy(item => placeOf(item).Labels, StringComparer.Ordinal).ThenBy(item => placeOf(item).Name, StringComparer.Ordinal).ThenBy(item => placeOf(item).Number);
}
