namespace Instrumentator;

/// <summary>Families that a scrape shows: those of a registry's backend, or of another library.</summary>
/// <remarks>
/// To be safe for use by many threads. No list is null, and no item of one. Names of metrics and labels are valid ones, or any text. The labels of a series are those of its family, or at
/// least have plain names; its value is of the family's kind, and that of a histogram has a count for each bucket and one for <c>+Inf</c>. A scrape that comes to anything else fails as a
/// whole, with an error that names the source's type, the family and the rule.
/// </remarks>
/// <example><code>Registry.Default.Include(source);</code></example>
public interface IFamilySource
{
    /// <summary>All families as they are now, each name once.</summary>
    /// <param name="cancellation">Given up, when nobody waits for the answer any more.</param>
    ValueTask<ValueList<FamilySnapshot>> ReadAsync(CancellationToken cancellation = default);
}
