using System.Text;

namespace Instrumentator;

/// <summary>The OpenMetrics text of an exemplar, which follows the value of its sample:
/// <c> # {trace_id="…"} value timestamp</c>.</summary>
/// <remarks>See https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md#exemplars.</remarks>
internal static class ExemplarText
{
    /// <summary>Returns the text in UTF-8. It is empty for an exemplar that the format does not allow, since the sample
    /// is worth more than its exemplar.</summary>
    public static byte[] Of(Exemplar exemplar)
    {
        if (!ExemplarRule.Allows(exemplar))
            return [];
        var labels = new LabelSet(
            ValueList.From(exemplar.Labels.Select(label => label.Name)),
            [.. exemplar.Labels.Select(label => label.Value)]);
        return Encoding.UTF8.GetBytes($" # {labels} {Number(exemplar.Value)}{Timestamp(exemplar.Timestamp)}");
    }

    private static string Timestamp(double? seconds) =>
        seconds is { } known && double.IsFinite(known) ? " " + Number(known) : "";

    private static string Number(double value)
    {
        Span<byte> text = stackalloc byte[Numbers.MaxBytes];
        return Encoding.ASCII.GetString(text[..Numbers.Write(value, text)]);
    }
}
