using System.Runtime.ExceptionServices;

namespace Instrumentator;

/// <summary>Finds names that are there twice among a registry's families and what it includes, when an app
/// starts.</summary>
internal static class NameClashes
{
    // How long an app that starts waits for the collectors that are included.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    /// <summary>Throws if there is one. A collector that takes its time is not waited for.</summary>
    /// <param name="collectors">What a scrape shows.</param>
    /// <param name="find">Returns the registry's family of a name.</param>
    /// <exception cref="InvalidOperationException">A name is there twice.</exception>
    public static void ThrowIfAny(ScrapeCollectors collectors, Func<string, Family?> find)
    {
        Task? search = null;

        // On a thread of its own: a collector that blocks it must not keep an app from starting.
        var thread = new Thread(() => search = FindAsync(collectors, find)) { IsBackground = true };
        thread.Start();
        if (thread.Join(_patience) && search is { IsFaulted: true } found)
            ExceptionDispatchInfo.Throw(found.Exception.InnerException!);
    }

    private static async Task FindAsync(ScrapeCollectors collectors, Func<string, Family?> find)
    {
        List<ValueList<FamilySnapshot>> read;
        try
        {
            read = await collectors.CollectAsync(CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever else may fail there concerns scrapes, and is reported there.
        catch (Exception)
#pragma warning restore CA1031
        {
            return;
        }
        ScrapedNames.ThrowIfClash([], read);

        // The backend, which is the first collector, may keep the same family.
        foreach (var (collector, families) in read.Index())
        {
            foreach (var family in families)
                ThrowIfReserved(family.Definition, find, isIncluded: collector > 0);
        }
    }

    // Families that wait for their first series have their names already.
    private static void ThrowIfReserved(FamilyDefinition definition, Func<string, Family?> find, bool isIncluded)
    {
        foreach (var name in definition.SampleNames)
        {
            if (find(name) is { IsOpen: false } taken && (isIncluded || taken.Definition != definition))
                throw FamilyTable.Taken(name, taken.Definition, definition);
        }
    }
}
