using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>What single threads wrote of one cell, at the numbers of their writers. Each writes to its own stripe without a lock prefix, since nobody else does; a reader adds them up.</summary>
/// <remarks>
/// A stripe only grows, and stays when its thread ends: the next thread of that number goes on with it. So a sum over them never loses anything, and never falls from one scrape
/// to the next.
/// </remarks>
internal static class Stripes
{
    // Not empty: an empty array may be one for all, and each cell has to lock its own.
    private const int FirstLength = 4;

    /// <summary>That of this thread; null while it has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TStripe? Mine<TStripe>(TStripe?[] stripes)
        where TStripe : class
    {
        var writer = Writer.Number;
        return (uint)writer < (uint)stripes.Length ? stripes[writer] : null;
    }

    /// <summary>That of a writer, which must be this thread, made now if there is none; null for a thread that has none.</summary>
    /// <param name="place">Where the cell keeps them. It grows while others read.</param>
    /// <param name="writer">The number of this thread.</param>
    /// <param name="cell">The cell.</param>
    /// <param name="create">Makes one of the cell for the writer.</param>
    public static TStripe? Take<TCell, TStripe>(ref TStripe?[]? place, int writer, TCell cell, Func<TCell, int, TStripe> create)
        where TStripe : class
    {
        if (writer == Writer.WithoutStripes)
            return null;
        while (true)
        {
            var stripes = Volatile.Read(ref place) ?? First(ref place);
            lock (stripes)
            {
                // Another thread may have made room for itself meanwhile: these are not those any more.
                if (ReferenceEquals(stripes, Volatile.Read(ref place)))
                    return writer < stripes.Length ? stripes[writer] ??= create(cell, writer) : Add(ref place, stripes, writer, create(cell, writer));
            }
        }
    }

    /// <summary>Brings them from memory, before their turn to be read: the array, then what is in it, then what that refers to, each by a step of its own.</summary>
    /// <returns>Whether there are any, and so further steps.</returns>
    public static bool Bring<TStripe>(ref TStripe?[]? place, int step)
        where TStripe : class, IStripe
    {
        if (Volatile.Read(ref place) is not { } stripes)
            return false;
        if (step == 0)
            Prefetch.Object(ref place);
        else
            BringEach(stripes, step);
        return true;
    }

    private static void BringEach<TStripe>(TStripe?[] stripes, int step)
        where TStripe : class, IStripe
    {
        foreach (ref var stripe in stripes.AsSpan())
        {
            if (step == 1)
                Prefetch.Object(ref stripe);
            else
                stripe?.Bring();
        }
    }

    private static TStripe?[] First<TStripe>(ref TStripe?[]? place)
        where TStripe : class
    {
        var none = new TStripe?[FirstLength];
        return Interlocked.CompareExchange(ref place, none, null) ?? none;
    }

    // It is in there before others see the larger array: they lock that one, and may make it larger still.
    private static TStripe Add<TStripe>(ref TStripe?[]? place, TStripe?[] stripes, int writer, TStripe stripe)
        where TStripe : class
    {
        var more = new TStripe?[Math.Max(writer + 1, stripes.Length * 2)];
        stripes.CopyTo(more, 0);
        more[writer] = stripe;
        Volatile.Write(ref place, more);
        return stripe;
    }
}

/// <summary>What one thread writes of a cell.</summary>
internal interface IStripe
{
    /// <summary>Brings from memory what it writes to.</summary>
    void Bring();
}
