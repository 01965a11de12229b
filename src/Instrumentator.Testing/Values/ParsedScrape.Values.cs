namespace Instrumentator.Testing;

public sealed partial record ParsedScrape
{
    /// <summary>Returns the value of one series.</summary>
    /// <param name="name">The name as on the line: <c>http_requests_total</c>, or
    /// <c>http_request_duration_seconds_count</c> of a histogram.</param>
    /// <param name="labels">The labels, in any order: all, or enough to identify the series. A label with an empty
    /// value counts as absent.</param>
    /// <returns>The value as in the scrape, in the family's unit.</returns>
    /// <exception cref="KeyNotFoundException">There is no such series. The message lists existing ones.</exception>
    /// <exception cref="InvalidOperationException">Several series have these labels. The message lists
    /// them.</exception>
    /// <example><code>
    /// Assert.Equal(1, scrape.Value("http_requests_total", ("handler", "/ping"), ("method", "GET")));
    /// </code></example>
    public double Value(string name, params Label[] labels) =>
        TryValue(name, labels) ?? throw new KeyNotFoundException(SeriesSearch.WhatThereIs(this, name, labels));

    /// <summary>Returns the value of one series, or null if there is no such series.</summary>
    /// <inheritdoc cref="Value"/>
    /// <example><code>Assert.Null(scrape.TryValue("http_requests_total", ("handler", "/health")));</code></example>
    public double? TryValue(string name, params Label[] labels)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(labels);
        return SeriesSearch.Find(this, name, labels)?.Value;
    }

    /// <summary>Returns the number of observations of a series of a histogram or a summary.</summary>
    /// <param name="name">The name of the histogram or summary: <c>http_request_duration_seconds</c>.</param>
    /// <param name="labels">The labels, in any order: all, or enough to identify the series.</param>
    /// <inheritdoc cref="Value"/>
    /// <example><code>
    /// Assert.Equal(3, scrape.Count("http_request_duration_seconds", ("handler", "/ping")));
    /// </code></example>
    public double Count(string name, params Label[] labels) => Value(name + "_count", labels);

    /// <summary>Returns the sum of the observations of a series of a histogram or a summary, in its unit.</summary>
    /// <inheritdoc cref="Count"/>
    /// <example><code>
    /// Assert.Equal(0.75, scrape.Sum("http_request_duration_seconds", ("handler", "/ping")));
    /// </code></example>
    public double Sum(string name, params Label[] labels) => Value(name + "_sum", labels);

    /// <summary>Returns the number of observations of a series of a histogram at or below an upper bound: all buckets
    /// up to that one.</summary>
    /// <param name="name">The name of the histogram: <c>http_request_duration_seconds</c>.</param>
    /// <param name="upTo">The upper bound of one of the buckets, in the histogram's unit;
    /// <see cref="double.PositiveInfinity"/> for the last bucket.</param>
    /// <param name="labels">The labels except <c>le</c>, in any order: all, or enough to identify the series.</param>
    /// <inheritdoc cref="Value"/>
    /// <example><code>
    /// Assert.Equal(2, scrape.Bucket("http_request_duration_seconds", upTo: 0.5, ("handler", "/ping")));
    /// </code></example>
    public double Bucket(string name, double upTo, params Label[] labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return Value(name + "_bucket", [.. labels, new Label("le", SampleText.Number(upTo))]);
    }

    /// <summary>Returns the change of a series since an earlier scrape. A series that was missing counts as 0; one that
    /// is still missing counts as 0 if its name is known.</summary>
    internal double ChangeFrom(ParsedScrape before, string name, Label[] labels)
    {
        var after = TryValue(name, labels) ?? (SeriesSearch.Knows(this, name) ? 0 : Value(name, labels));
        return after - (before.TryValue(name, labels) ?? 0);
    }
}
