using System.Buffers;
using System.Text;

namespace Instrumentator.Testing;

/// <summary>Comparison of a registry's scrape with an expected text.</summary>
public static class RegistryComparison
{
    /// <summary>Returns the differences between a scrape of a registry and an expected text.</summary>
    /// <param name="registry">The registry to scrape, in the format of the expected text.</param>
    /// <param name="expected">The expected text: Prometheus text, or OpenMetrics with <c># EOF</c> as its last line.
    /// Lines may be indented, and the last line needs no line feed.</param>
    /// <param name="families">The names of the families to compare; if none is named, all families of both.</param>
    /// <returns>
    /// The differences, one per line, sorted by name and labels: an expected line that is missing has the prefix
    /// <c>-</c>, and a line that the scrape has instead or in addition has the prefix <c>+</c>. Empty if nothing
    /// differs. One line reports a named family that is in neither.
    /// </returns>
    /// <remarks>
    /// The order of families, series and labels does not matter. Numbers, including bucket bounds, are compared as
    /// numbers, and <c>NaN</c> equals <c>NaN</c>. Help, type, unit, timestamps, exemplars and the start times of
    /// OpenMetrics, <c>_created</c>, are compared if the expected text has them.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The expected text breaks a rule of its format.</exception>
    /// <example><code>
    /// Assert.Empty(registry.Compare("""
    ///     # TYPE orders_total counter
    ///     orders_total{country="DE"} 1
    ///     """, "orders_total"));
    /// </code></example>
    public static string Compare(this Registry registry, string expected, params string[] families)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(expected);
        var snapshot = registry.Scrape();
        var format = (ParsedScrape.IsOpenMetrics(expected)
            ? ExpositionFormat.OpenMetrics.WithCreatedSamples()
            : ExpositionFormat.PrometheusUtf8).With(NameEscaping.AllowUtf8);
        var actual = new ArrayBufferWriter<byte>();
        format.Write(snapshot, actual);
        return ParsedScrape.Parse(Encoding.UTF8.GetString(actual.WrittenSpan)).Compare(expected, families);
    }
}
