namespace Instrumentator;

/// <summary>The exemplars of a cell, by index. A cell has no array before the first one.</summary>
internal static class ExemplarSlots
{
    /// <summary>Returns whether a slot is empty or its exemplar is older than a time.</summary>
    public static bool IsDue(Exemplar?[]? slots, int place, double before) =>
        slots is null || IsDue(slots[place], before);

    /// <summary>Returns the same for one slot.</summary>
    public static bool IsDue(Exemplar? kept, double before) => kept is not { Timestamp: { } time } || time < before;

    /// <summary>Stores an exemplar. Benign race: either exemplar may stay.</summary>
    public static void Put(ref Exemplar?[]? slots, int places, int place, Exemplar exemplar) =>
        (Volatile.Read(ref slots)
            ?? Interlocked.CompareExchange(ref slots, new Exemplar?[places], null)
            ?? slots)[place] = exemplar;
}
