using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>Cells of one thread, and where their words are: so that both can be asked for at once, before any of them is read.</summary>
/// <param name="cells">The cells.</param>
internal readonly struct PlacedCells(OwnSeriesCells cells)
{
    private readonly OwnSeriesCells _cells = cells;
    private readonly nint _words = cells.Address;

    public OwnSeriesCells Cells => _cells;

    /// <summary>Asks for them.</summary>
    public void Bring()
    {
        Prefetch.Memory(_words, OwnSeriesCells.WordBytes);
        Prefetch.Object(ref Unsafe.AsRef(in _cells), OwnSeriesCells.Bytes);
    }
}
