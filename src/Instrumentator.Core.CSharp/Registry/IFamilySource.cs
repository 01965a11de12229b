namespace Instrumentator;

/// <summary>Families that a scrape shows: those of a registry's backend, or of another library.</summary>
/// <remarks>To be safe for use by many threads.</remarks>
/// <example><code>Registry.Default.Include(source);</code></example>
public interface IFamilySource
{
    /// <summary>All families as they are now, each name once.</summary>
    /// <param name="cancellation">Given up, when nobody waits for the answer any more.</param>
    ValueTask<ValueList<FamilySnapshot>> ReadAsync(CancellationToken cancellation = default);
}
