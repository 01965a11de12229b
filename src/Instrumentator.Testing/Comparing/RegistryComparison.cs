using System.Buffers;
using System.Text;

namespace Instrumentator.Testing;

/// <summary>Compares what a registry shows in a scrape with what is expected.</summary>
public static class RegistryComparison
{
    /// <summary>What is different between a scrape of a registry and an expected text.</summary>
    /// <param name="registry">What is scraped, in the format of the expected text.</param>
    /// <param name="expected">What is expected: Prometheus text, or OpenMetrics with <c># EOF</c> as its last line. Lines may be indented, and the last one needs no line feed.</param>
    /// <param name="families">The names of the families that are compared; all of both where none is named.</param>
    /// <returns>
    /// What differs, a line each, sorted by name and labels: one that is missing behind <c>-</c>, one that is there instead or besides behind <c>+</c>. Empty where nothing does,
    /// and one that says so for a named family that is in neither.
    /// </returns>
    /// <remarks>
    /// The order of families, series and labels does not matter, numbers are compared as numbers, bounds of buckets among them, and <c>NaN</c> is <c>NaN</c>.
    /// Help, type, unit, timestamps and exemplars are compared where the expected text has them.
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
        var format = (ParsedScrape.IsOpenMetrics(expected) ? ExpositionFormat.OpenMetrics : ExpositionFormat.PrometheusUtf8).With(NameEscaping.AllowUtf8);
        var actual = new ArrayBufferWriter<byte>();
        format.Write(snapshot, actual);
        return ParsedScrape.Parse(Encoding.UTF8.GetString(actual.WrittenSpan)).Compare(expected, families);
    }
}
