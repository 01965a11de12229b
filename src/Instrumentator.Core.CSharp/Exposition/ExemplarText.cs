using System.Text;

namespace Instrumentator;

/// <summary>How OpenMetrics writes an exemplar: <c> # {trace_id="…"} value timestamp</c>, behind the number of its sample.</summary>
/// <remarks>See https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md#exemplars.</remarks>
internal static class ExemplarText
{
    // In UTF-8 characters; what stands around names and values does not count.
    private const int MostCharacters = 128;

    /// <summary>The text in UTF-8; empty for one that no reader may take: the sample is worth more than its exemplar.</summary>
    public static byte[] Of(Exemplar exemplar)
    {
        var names = ValueList.From(exemplar.Labels.Select(label => label.Name));
        if (Names.FaultsOfLabels("an exemplar", names, reserved: null).Any() || exemplar.Labels.Sum(Length) > MostCharacters)
            return [];
        var labels = new LabelSet(names, [.. exemplar.Labels.Select(label => label.Value)]);
        return Encoding.UTF8.GetBytes($" # {labels} {Number(exemplar.Value)}{Timestamp(exemplar.Timestamp)}");
    }

    private static int Length(Label label) => label.Name.Length + LabelSet.Clean(label.Value).EnumerateRunes().Count();

    private static string Timestamp(double? seconds) => seconds is { } known && double.IsFinite(known) ? " " + Number(known) : "";

    private static string Number(double value)
    {
        Span<byte> text = stackalloc byte[Numbers.MostBytes];
        return Encoding.ASCII.GetString(text[..Numbers.Write(value, text)]);
    }
}
