namespace Instrumentator;

/// <summary>A source of metric families for a scrape, for example another metrics library.</summary>
/// <remarks>
/// <para>Implementations must be safe for use by many threads.</para>
/// <para>The families must be valid: no list and no item is null; metric and label names are valid, or any text where
/// the registry allows UTF-8 names; a series has the labels of its family, or at least plain label names; its value has
/// the type of the family; a histogram has a count for each bucket and one for <c>+Inf</c>, 0 or more; native buckets
/// are in ascending order and have the same observations as the classic ones. A series occurs once. No two names of
/// metrics or labels are one, also after any escaping: <c>a.b</c> and <c>a_b</c> are both <c>a_b</c> for a reader that
/// does not support UTF-8 names. Otherwise the whole scrape fails in every format, with an error that names the
/// collector's type, the family and the rule.</para>
/// </remarks>
/// <example><code>Registry.Default.Include(collector);</code></example>
public interface IMetricCollector
{
    /// <summary>Returns all families with their present values. Each name occurs once.</summary>
    /// <remarks>For the metrics endpoint, it is called on a thread of its own, and continues on such threads, so it
    /// takes none from the pool if it blocks. After <c>ConfigureAwait(false)</c>, it continues on the thread pool, and
    /// must not block. <see cref="Registry.Scrape"/> and <see cref="Registry.ScrapeAsync"/> call it on the caller's
    /// thread.</remarks>
    /// <param name="cancellationToken">Canceled when the scrape is no longer needed.</param>
    ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default);
}
