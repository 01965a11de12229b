namespace Instrumentator.Testing;

/// <summary>A scrape as it was read from its text: families with their samples. Immutable, compared by value.</summary>
/// <param name="Families">The families, in the order in which they stand there.</param>
/// <remarks>Safe for use by many threads.</remarks>
/// <example><code>
/// var scrape = ParsedScrape.Parse(await client.GetStringAsync("/metrics"));
/// Assert.Equal(1, scrape.Value("http_requests_total", ("handler", "/ping")));
/// </code></example>
public sealed partial record ParsedScrape(ValueList<ParsedFamily> Families)
{
    /// <summary>Reads a text of either format: OpenMetrics where its last line is <c># EOF</c>, else Prometheus text. Names may be quoted.</summary>
    /// <param name="text">The whole text, as it came over HTTP.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ScrapeFormatException">The text breaks a rule of its format.</exception>
    public static ParsedScrape Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IsOpenMetrics(text) ? OpenMetrics(text, quotedNames: true) : Prometheus(text, quotedNames: true);
    }

    /// <summary>Reads Prometheus's text format, and refuses whatever <see href="https://prometheus.io/docs/instrumenting/exposition_formats/">its page</see> does not allow.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="quotedNames">Whether names of any characters may stand in quotes, <c>{"my.name","label.x"="v"} 1</c>, as in version 1.0.0; version 0.0.4 has none.</param>
    /// <remarks>
    /// Numbers are decimal, <c>NaN</c>, <c>+Inf</c> or <c>-Inf</c>: what libraries write, and less than what Go's <c>ParseFloat</c> takes. Of a histogram all that its samples must
    /// be to each other is checked: order and sums of its buckets, <c>+Inf</c>, <c>_count</c> and <c>_sum</c>.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ScrapeFormatException">The text breaks a rule.</exception>
    /// <example><code>var scrape = ParsedScrape.Prometheus("# TYPE up gauge\nup 1\n");</code></example>
    public static ParsedScrape Prometheus(string text, bool quotedNames = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        return PrometheusParser.Parse(text, quotedNames);
    }

    /// <summary>Reads OpenMetrics 1.0.0, and refuses whatever <see href="https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md">the specification</see> does not allow.</summary>
    /// <param name="text">The whole text, <c># EOF</c> last.</param>
    /// <param name="quotedNames">Whether names of any characters may stand in quotes, as Prometheus reads them where <c>escaping=allow-utf-8</c> was asked for; the specification has none.</param>
    /// <remarks>Not checked are rules that a reader must not refuse a text for, such as canonical numbers, and that the value of a bucket's exemplar is in the bucket.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ScrapeFormatException">The text breaks a rule.</exception>
    /// <example><code>var scrape = ParsedScrape.OpenMetrics("# TYPE orders counter\norders_total 1\n# EOF\n");</code></example>
    public static ParsedScrape OpenMetrics(string text, bool quotedNames = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        return OpenMetricsParser.Parse(text, quotedNames);
    }

    internal static bool IsOpenMetrics(string text)
    {
        var body = text.AsSpan().TrimEnd();
        return body[(body.LastIndexOf('\n') + 1)..].Trim() is "# EOF";
    }
}
