namespace Instrumentator;

/// <summary>The exemplars of a cell, each at its place. A cell has none of this before the first one.</summary>
internal static class ExemplarSlots
{
    /// <summary>Whether a place has none, or one that is older than that.</summary>
    public static bool IsDue(Exemplar?[]? slots, int place, double before) => slots is null || IsDue(slots[place], before);

    /// <summary>The same of one place.</summary>
    public static bool IsDue(Exemplar? kept, double before) => kept is not { Timestamp: { } time } || time < before;

    /// <summary>Puts one in its place. Of two that come at once either may stay.</summary>
    public static void Put(ref Exemplar?[]? slots, int places, int place, Exemplar exemplar) =>
        (Volatile.Read(ref slots) ?? Interlocked.CompareExchange(ref slots, new Exemplar?[places], null) ?? slots)[place] = exemplar;
}
