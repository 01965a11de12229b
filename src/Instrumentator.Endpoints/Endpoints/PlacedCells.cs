using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>Cells of one thread, and where their words are: so that both can be asked for at once, before any of them is read.</summary>
/// <param name="cells">The cells.</param>
/// <param name="thread">The number of the thread as a writer.</param>
internal readonly struct PlacedCells(OwnSeriesCells cells, int thread) : IOfThread
{
    // What processes have of an address. The thread's number takes the rest of the word: a larger entry would cost the caches more than to take the two apart.
    private const int AddressBits = 48;

    private readonly OwnSeriesCells _cells = cells;
    private readonly ulong _words = ((ulong)cells.Address & ((1UL << AddressBits) - 1)) | ((ulong)thread << AddressBits);

    public OwnSeriesCells Cells => _cells;

    public int Thread => (int)(_words >> AddressBits);

    /// <summary>Asks for them.</summary>
    public void Bring()
    {
        Prefetch.Memory((nint)(_words & ((1UL << AddressBits) - 1)), OwnSeriesCells.WordBytes);
        Prefetch.Object(ref Unsafe.AsRef(in _cells), OwnSeriesCells.Bytes);
    }
}
