namespace Instrumentator.Testing;

/// <summary>Reads the values that a registry has now. Names are those of a scrape's lines.</summary>
/// <remarks>Safe for use by many threads. Each call reads the whole registry: this is for tests.</remarks>
/// <example><code>
/// Assert.Equal(1, registry.Value("http_requests_total", ("handler", "/ping"), ("method", "GET")));
/// Assert.Equal(1, registry.Count("http_request_duration_seconds", ("handler", "/ping")));
/// </code></example>
public static class RegistryValues
{
    /// <summary>The value of one series.</summary>
    /// <param name="registry">Where it is.</param>
    /// <param name="name">The name as it stands in a scrape: <c>http_requests_total</c>, or <c>http_request_duration_seconds_count</c> of a histogram.</param>
    /// <param name="labels">Its labels, in any order: all, or as many as tell it from the others. One with the empty value is one that is not there.</param>
    /// <returns>The number as it is in a scrape, in the family's unit.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="KeyNotFoundException">There is no such series. The message shows which there are.</exception>
    /// <exception cref="InvalidOperationException">Several series have these labels. The message shows them.</exception>
    /// <example><code>Assert.Equal(1, registry.Value("http_requests_total", ("handler", "/ping"), ("method", "GET")));</code></example>
    public static double Value(this Registry registry, string name, params Label[] labels) => SnapshotScrape.Of(registry).Value(name, labels);

    /// <summary>The value of one series; null where there is no such series.</summary>
    /// <inheritdoc cref="Value"/>
    /// <example><code>Assert.Null(registry.TryValue("http_requests_total", ("handler", "/health")));</code></example>
    public static double? TryValue(this Registry registry, string name, params Label[] labels) => SnapshotScrape.Of(registry).TryValue(name, labels);

    /// <summary>How many observations a series of a histogram or a summary has.</summary>
    /// <param name="registry">Where it is.</param>
    /// <param name="name">The name of the histogram or summary: <c>http_request_duration_seconds</c>.</param>
    /// <param name="labels">Its labels, in any order: all, or as many as tell it from the others.</param>
    /// <inheritdoc cref="Value"/>
    /// <example><code>Assert.Equal(3, registry.Count("http_request_duration_seconds", ("handler", "/ping")));</code></example>
    public static double Count(this Registry registry, string name, params Label[] labels) => SnapshotScrape.Of(registry).Count(name, labels);

    /// <summary>The sum of the observations of a series of a histogram or a summary, in its unit.</summary>
    /// <inheritdoc cref="Count"/>
    /// <example><code>Assert.Equal(0.75, registry.Sum("http_request_duration_seconds", ("handler", "/ping")));</code></example>
    public static double Sum(this Registry registry, string name, params Label[] labels) => SnapshotScrape.Of(registry).Sum(name, labels);

    /// <summary>How many observations of a series of a histogram are at or below a bound: all buckets up to that one.</summary>
    /// <param name="registry">Where it is.</param>
    /// <param name="name">The name of the histogram: <c>http_request_duration_seconds</c>.</param>
    /// <param name="upTo">The upper bound of one of its buckets, in its unit; <see cref="double.PositiveInfinity"/> for the last one.</param>
    /// <param name="labels">Its labels but for <c>le</c>, in any order: all, or as many as tell it from the others.</param>
    /// <inheritdoc cref="Value"/>
    /// <example><code>Assert.Equal(2, registry.Bucket("http_request_duration_seconds", upTo: 0.5, ("handler", "/ping")));</code></example>
    public static double Bucket(this Registry registry, string name, double upTo, params Label[] labels) => SnapshotScrape.Of(registry).Bucket(name, upTo, labels);

    /// <summary>By how much a series changes while something is done: for a registry that tests share, <see cref="Registry.Default"/> for one.</summary>
    /// <param name="registry">Where it is.</param>
    /// <param name="action">What is done.</param>
    /// <param name="name">The name as it stands in a scrape.</param>
    /// <param name="labels">Its labels, in any order: all, or as many as tell it from the others.</param>
    /// <returns>The difference, in the family's unit. A series that is not there counts as 0, as long as something has its name.</returns>
    /// <remarks>What other tests do to the same series meanwhile is part of it.</remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="KeyNotFoundException">Nothing has this name. The message shows the nearest ones.</exception>
    /// <exception cref="InvalidOperationException">Several series have these labels. The message shows them.</exception>
    /// <example><code>Assert.Equal(1, Registry.Default.Change(() => shop.Take(order), "shop_orders_total", ("country", "DE")));</code></example>
    public static double Change(this Registry registry, Action action, string name, params Label[] labels)
    {
        ArgumentNullException.ThrowIfNull(action);
        var before = SnapshotScrape.Of(registry);
        action();
        return SnapshotScrape.Of(registry).ChangeFrom(before, name, labels);
    }

    /// <summary>By how much a series changes while something is done that takes its time.</summary>
    /// <param name="registry">Where it is.</param>
    /// <param name="action">What is done, and awaited.</param>
    /// <param name="name">The name as it stands in a scrape.</param>
    /// <param name="labels">Its labels, in any order: all, or as many as tell it from the others.</param>
    /// <typeparam name="TTask">The task of the action, of any result: F# takes no task with a result for one without.</typeparam>
    /// <inheritdoc cref="Change"/>
    /// <example><code>Assert.Equal(1, await Registry.Default.ChangeAsync(() => client.GetAsync("/ping"), "http_requests_total", ("handler", "/ping")));</code></example>
    public static async Task<double> ChangeAsync<TTask>(this Registry registry, Func<TTask> action, string name, params Label[] labels)
        where TTask : Task
    {
        ArgumentNullException.ThrowIfNull(action);
        var before = SnapshotScrape.Of(registry);
        await action().ConfigureAwait(false);
        return SnapshotScrape.Of(registry).ChangeFrom(before, name, labels);
    }
}
