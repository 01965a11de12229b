using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>What single threads have of one thing, at the numbers of their writers. What they write of a cell needs no lock prefix, since nobody else writes there; a reader adds it up.</summary>
/// <remarks>
/// <para>A stripe of a cell only grows, and stays when its thread ends: the next thread of that number goes on with it. So a sum over them never loses anything, and never falls from one
/// scrape to the next.</para>
/// <para>Whoever adds a stripe makes the array anew: what others see of an array never changes, and so a stripe may be several words.</para>
/// </remarks>
internal static class Stripes
{
    // As far as the stripes of the first few threads.
    private const int ArrayBytes = 128;

    /// <summary>That of this thread; the default value while it has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TStripe? Mine<TStripe>(TStripe?[] stripes) => Of(Writer.Number, stripes);

    /// <summary>That of a writer, which must be this thread, made now if there is none; the default value for a thread that has none.</summary>
    /// <param name="place">Where the cell keeps them.</param>
    /// <param name="writer">The number of this thread.</param>
    /// <param name="cell">The cell.</param>
    /// <param name="create">Makes one of the cell for the writer.</param>
    public static TStripe? Take<TCell, TStripe>(ref TStripe?[]? place, int writer, TCell cell, Func<TCell, int, TStripe> create)
    {
        if (writer == Writer.WithoutStripes)
            return default;
        while (true)
        {
            var stripes = Volatile.Read(ref place) ?? First(ref place);
            lock (stripes)
            {
                // Another thread may have made them anew meanwhile.
                if (!ReferenceEquals(stripes, Volatile.Read(ref place)))
                    continue;
                var known = Of(writer, stripes);
                return EqualityComparer<TStripe>.Default.Equals(known, default) ? Add(ref place, stripes, writer, create(cell, writer)) : known;
            }
        }
    }

    /// <summary>The words of this thread, made now where others have some; none where nobody has, and for a thread that has none.</summary>
    /// <param name="place">Where the cell keeps them.</param>
    /// <param name="count">How many words each thread has.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words Mine(ref Words[]? place, int count) =>
        place is not { } stripes ? default : Mine(stripes) is { IsNone: false } mine ? mine : Take(ref place, Writer.Number, count);

    /// <summary>The words of a writer, which must be this thread, made now if there are none; none for a thread that has none.</summary>
    /// <inheritdoc cref="Mine(ref Words[], int)"/>
    public static Words Take(ref Words[]? place, int writer, int count) => Take(ref place, writer, count, static (count, _) => Page.Take(count));

    /// <summary>Brings what single threads wrote of a cell from memory, before its turn to be read: the array, then what it leads to, each by a step of its own.</summary>
    /// <param name="place">Where the cell keeps it.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="count">How many words each of them has.</param>
    /// <returns>Whether there is any, and so a further step.</returns>
    public static bool Bring(ref Words[]? place, int step, int count)
    {
        if (Volatile.Read(ref place) is not { } stripes)
            return false;
        if (step == 0)
            Prefetch.Object(ref place, ArrayBytes);
        else
            BringEach(stripes, count);
        return true;
    }

    private static void BringEach(Words[] stripes, int count)
    {
        foreach (ref readonly var stripe in stripes.AsSpan())
        {
            if (!stripe.IsNone)
                stripe.Bring(count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TStripe? Of<TStripe>(int writer, TStripe?[] stripes) => (uint)writer < (uint)stripes.Length ? stripes[writer] : default;

    // Not empty: an empty array may be one for all, and each cell has to lock its own.
    private static TStripe?[] First<TStripe>(ref TStripe?[]? place)
    {
        var none = new TStripe?[1];
        return Interlocked.CompareExchange(ref place, none, null) ?? none;
    }

    private static TStripe Add<TStripe>(ref TStripe?[]? place, TStripe?[] stripes, int writer, TStripe stripe)
    {
        var more = new TStripe?[Math.Max(writer + 1, stripes.Length)];
        stripes.CopyTo(more, 0);
        more[writer] = stripe;
        Volatile.Write(ref place, more);
        return stripe;
    }
}
