using System.Runtime.ExceptionServices;

namespace Instrumentator;

/// <summary>The startup check for duplicate names among a registry's families and its included
/// collectors.</summary>
internal static class NameClashes
{
    // How long the startup of an app waits for the included collectors.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    /// <summary>Throws if there is a duplicate name. Does not wait for slow collectors.</summary>
    /// <param name="collectors">The collectors of a scrape.</param>
    /// <param name="find">Returns the registry's family with a name.</param>
    /// <exception cref="InvalidOperationException">Two families have the same name.</exception>
    public static void ThrowIfAny(ScrapeCollectors collectors, Func<string, Family?> find)
    {
        // Collectors run on threads of their own: one that blocks must not keep an app from starting.
        var search = FindAsync(collectors, find);
        if (((IAsyncResult)search).AsyncWaitHandle.WaitOne(_patience) && search.IsFaulted)
            ExceptionDispatchInfo.Throw(search.Exception.InnerException!);
    }

    private static async Task FindAsync(ScrapeCollectors collectors, Func<string, Family?> find)
    {
        List<ValueList<FamilySnapshot>> read;
        try
        {
            read = await collectors.CollectAsync(onOwnThreads: true, CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Other errors concern scrapes, which report them.
        catch (Exception)
#pragma warning restore CA1031
        {
            return;
        }
        ScrapedNames.ThrowIfClash([], read);

        // The backend, which is the first collector, may contain the same family.
        foreach (var (collector, families) in read.Index())
        {
            foreach (var family in families)
                ThrowIfReserved(family.Definition, find, isIncluded: collector > 0);
        }
    }

    // Families without a first series already own their names.
    private static void ThrowIfReserved(FamilyDefinition definition, Func<string, Family?> find, bool isIncluded)
    {
        foreach (var name in definition.SampleNames)
        {
            if (find(name) is { IsOpen: false } taken && (isIncluded || taken.Definition != definition))
                throw FamilyTable.Taken(name, taken.Definition, definition);
        }
    }
}
