namespace Instrumentator.Testing;

/// <summary>The current values of a registry. Names are those on the lines of a scrape.</summary>
/// <remarks>Safe for use by multiple threads. Each call reads the whole registry: use it in tests.</remarks>
/// <example><code>
/// Assert.Equal(1, registry.Value("http_requests_total", ("handler", "/ping"), ("method", "GET")));
/// Assert.Equal(1, registry.Count("http_request_duration_seconds", ("handler", "/ping")));
/// </code></example>
public static class RegistryValues
{
    /// <summary>Returns the value of one series.</summary>
    /// <param name="registry">The registry to read.</param>
    /// <param name="name">The name as in a scrape: <c>http_requests_total</c>, or
    /// <c>http_request_duration_seconds_count</c> of a histogram.</param>
    /// <param name="labels">The labels, in any order: all, or enough to identify the series. A label with an empty
    /// value counts as absent.</param>
    /// <returns>The value as in a scrape, in the family's unit.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="KeyNotFoundException">There is no such series. The message lists existing ones.</exception>
    /// <exception cref="InvalidOperationException">Several series have these labels. The message lists
    /// them.</exception>
    /// <example><code>
    /// Assert.Equal(1, registry.Value("http_requests_total", ("handler", "/ping"), ("method", "GET")));
    /// </code></example>
    public static double Value(this Registry registry, string name, params Label[] labels) =>
        SnapshotScrape.Of(registry).Value(name, labels);

    /// <summary>Returns the value of one series, or null if there is no such series.</summary>
    /// <inheritdoc cref="Value"/>
    /// <example><code>Assert.Null(registry.TryValue("http_requests_total", ("handler", "/health")));</code></example>
    public static double? TryValue(this Registry registry, string name, params Label[] labels) =>
        SnapshotScrape.Of(registry).TryValue(name, labels);

    /// <summary>Returns the number of observations of a series of a histogram or a summary.</summary>
    /// <param name="registry">The registry to read.</param>
    /// <param name="name">The name of the histogram or summary: <c>http_request_duration_seconds</c>.</param>
    /// <param name="labels">The labels, in any order: all, or enough to identify the series.</param>
    /// <inheritdoc cref="Value"/>
    /// <example><code>
    /// Assert.Equal(3, registry.Count("http_request_duration_seconds", ("handler", "/ping")));
    /// </code></example>
    public static double Count(this Registry registry, string name, params Label[] labels) =>
        SnapshotScrape.Of(registry).Count(name, labels);

    /// <summary>Returns the sum of the observations of a series of a histogram or a summary, in its unit.</summary>
    /// <inheritdoc cref="Count"/>
    /// <example><code>
    /// Assert.Equal(0.75, registry.Sum("http_request_duration_seconds", ("handler", "/ping")));
    /// </code></example>
    public static double Sum(this Registry registry, string name, params Label[] labels) =>
        SnapshotScrape.Of(registry).Sum(name, labels);

    /// <summary>Returns the number of observations of a series of a histogram at or below an upper bound: all buckets
    /// up to that one.</summary>
    /// <param name="registry">The registry to read.</param>
    /// <param name="name">The name of the histogram: <c>http_request_duration_seconds</c>.</param>
    /// <param name="upTo">The upper bound of one of the buckets, in the histogram's unit;
    /// <see cref="double.PositiveInfinity"/> for the last bucket.</param>
    /// <param name="labels">The labels except <c>le</c>, in any order: all, or enough to identify the series.</param>
    /// <inheritdoc cref="Value"/>
    /// <example><code>
    /// Assert.Equal(2, registry.Bucket("http_request_duration_seconds", upTo: 0.5, ("handler", "/ping")));
    /// </code></example>
    public static double Bucket(this Registry registry, string name, double upTo, params Label[] labels) =>
        SnapshotScrape.Of(registry).Bucket(name, upTo, labels);

    /// <summary>Returns the change of a series while an action runs, for a registry that tests share, such as
    /// <see cref="Registry.Default"/>.</summary>
    /// <param name="registry">The registry to read.</param>
    /// <param name="action">The action to run.</param>
    /// <param name="name">The name as in a scrape.</param>
    /// <param name="labels">The labels, in any order: all, or enough to identify the series.</param>
    /// <returns>The difference, in the family's unit. A missing series counts as 0, as long as a metric has its
    /// name.</returns>
    /// <remarks>The change includes what other tests do to the same series meanwhile.</remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="KeyNotFoundException">No metric has this name. The message lists the nearest names.</exception>
    /// <exception cref="InvalidOperationException">Several series have these labels. The message lists
    /// them.</exception>
    /// <example><code>
    /// Assert.Equal(1, Registry.Default.Change(() => shop.Take(order), "shop_orders_total", ("country", "DE")));
    /// </code></example>
    public static double Change(this Registry registry, Action action, string name, params Label[] labels)
    {
        ArgumentNullException.ThrowIfNull(action);
        var before = SnapshotScrape.Of(registry);
        action();
        return SnapshotScrape.Of(registry).ChangeFrom(before, name, labels);
    }

    /// <summary>Returns the change of a series while an asynchronous action runs.</summary>
    /// <param name="registry">The registry to read.</param>
    /// <param name="action">The action to run and await.</param>
    /// <param name="name">The name as in a scrape.</param>
    /// <param name="labels">The labels, in any order: all, or enough to identify the series.</param>
    /// <typeparam name="TTask">The type of the action's task, with any result: F# does not accept a task with a result
    /// as one without.</typeparam>
    /// <inheritdoc cref="Change"/>
    /// <example><code>
    /// Assert.Equal(1, await Registry.Default.ChangeAsync(
    ///     () => client.GetAsync("/ping"), "http_requests_total", ("handler", "/ping")));
    /// </code></example>
    public static async Task<double> ChangeAsync<TTask>(
        this Registry registry,
        Func<TTask> action,
        string name,
        params Label[] labels)
        where TTask : Task
    {
        ArgumentNullException.ThrowIfNull(action);
        var before = SnapshotScrape.Of(registry);
        await action().ConfigureAwait(false);
        return SnapshotScrape.Of(registry).ChangeFrom(before, name, labels);
    }
}
