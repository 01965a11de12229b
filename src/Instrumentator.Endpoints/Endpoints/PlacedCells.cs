namespace Instrumentator;

/// <summary>Cells of one thread, and where the words that they are about begin, so that these can be asked for before anything of the cells is read.</summary>
/// <param name="cells">The cells.</param>
/// <param name="thread">The number of the thread as a writer.</param>
internal readonly struct PlacedCells(OwnSeriesCells cells, int thread) : IOfThread
{
    private readonly NumberedAddress _place = new(cells.Address, thread);

    public OwnSeriesCells Cells => cells;

    /// <inheritdoc cref="OwnSeriesCells.Address"/>
    public nint Address => _place.Address;

    public int Thread => _place.Number;
}
