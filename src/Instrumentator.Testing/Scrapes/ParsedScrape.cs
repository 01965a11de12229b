namespace Instrumentator.Testing;

/// <summary>A scrape parsed from its text: metric families with their samples. Immutable, compared by value.</summary>
/// <param name="Families">The families, in the order of the text.</param>
/// <remarks>Safe for use by multiple threads.</remarks>
/// <example><code>
/// var scrape = ParsedScrape.Parse(await client.GetStringAsync("/metrics"));
/// Assert.Equal(1, scrape.Value("http_requests_total", ("handler", "/ping")));
/// </code></example>
public sealed partial record ParsedScrape(ValueList<ParsedFamily> Families)
{
    /// <summary>Parses a text in either format: OpenMetrics if its last line is <c># EOF</c>, otherwise Prometheus
    /// text. Names may be quoted.</summary>
    /// <param name="text">The whole text, as received over HTTP.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ScrapeFormatException">The text breaks a rule of its format.</exception>
    public static ParsedScrape Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IsOpenMetrics(text) ? OpenMetrics(text, quotedNames: true) : Prometheus(text, quotedNames: true);
    }

    /// <summary>Parses Prometheus text format, and rejects everything that
    /// <see href="https://prometheus.io/docs/instrumenting/exposition_formats/">its page</see> does not
    /// allow.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="quotedNames">Whether names of any characters may be quoted,
    /// <c>{"my.name","label.x"="v"} 1</c>, as in version 1.0.0; version 0.0.4 has no quoted names.</param>
    /// <remarks>
    /// Numbers are decimal, <c>NaN</c>, <c>+Inf</c> or <c>-Inf</c>: what libraries write, and less than what Go's
    /// <c>ParseFloat</c> accepts. The samples of a histogram are checked against each other: the order and the
    /// cumulative counts of the buckets, <c>+Inf</c>, <c>_count</c> and <c>_sum</c>.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ScrapeFormatException">The text breaks a rule.</exception>
    /// <example><code>var scrape = ParsedScrape.Prometheus("# TYPE up gauge\nup 1\n");</code></example>
    public static ParsedScrape Prometheus(string text, bool quotedNames = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        return PrometheusParser.Parse(text, quotedNames);
    }

    /// <summary>Parses OpenMetrics 1.0.0, and rejects everything that
    /// <see href="https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md">the
    /// specification</see> does not allow.</summary>
    /// <param name="text">The whole text, with <c># EOF</c> as its last line.</param>
    /// <param name="quotedNames">Whether names of any characters may be quoted, as Prometheus reads them when it
    /// requests <c>escaping=allow-utf-8</c>; the specification has no quoted names.</param>
    /// <remarks>Not checked: rules for which a reader must not reject a text, such as canonical numbers, and whether
    /// the value of a bucket's exemplar is in the bucket.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ScrapeFormatException">The text breaks a rule.</exception>
    /// <example><code>
    /// var scrape = ParsedScrape.OpenMetrics("# TYPE orders counter\norders_total 1\n# EOF\n");
    /// </code></example>
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
