using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>The short way from an endpoint to the cells of its requests: those that the next one is most likely recorded in.</summary>
/// <param name="recorder">Knows them.</param>
/// <remarks>
/// <see cref="EndpointRoutes"/> leads to them as well, but step by step: with thousands of endpoints, each step is a place in memory to wait for. What is remembered here can be
/// asked for again, so it may be lost.
/// </remarks>
internal sealed class EndpointCells(Recorder recorder)
{
    private readonly Lock _lock = new();
    private readonly Kept<SharedSeriesCells> _shared = new();

    // A thread's own cells are found by that thread alone, so it needs no lock to remember them.
    private Kept<OwnSeriesCells>?[]? _own;

    /// <summary>The cells of an endpoint; null where they are not remembered.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FoundCells? Find(Endpoint endpoint)
    {
        var changes = recorder.Changes;
        if (_own is { } threads && Stripes.Mine(threads) is { } own && own.Changes == changes && own.Find(endpoint) is { } cells)
            return cells;
        return FindShared(endpoint, changes);
    }

    // Not inlined: whoever finds cells of its own keeps its registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private SharedSeriesCells? FindShared(Endpoint endpoint, int changes) => _shared.Changes == changes ? _shared.Find(endpoint) : null;

    /// <summary>Remembers the cells of an endpoint, where they are known, and where nothing is to be seen of its requests but start and end.</summary>
    public void Keep(Endpoint endpoint, Route route)
    {
        // Before the route is asked: it may turn out to be another meanwhile.
        var changes = recorder.Changes;
        if (!route.IsWatched)
            Keep(endpoint, recorder.UsualCellsOf(route.Expected), changes);
    }

    private void Keep(Endpoint endpoint, FoundCells? cells, int changes)
    {
        if (cells is OwnSeriesCells { Labels: OwnLabels } own)
            Stripes.Take(ref _own, Writer.Number, this, static (_, _) => new Kept<OwnSeriesCells>())?.Add(endpoint, own, changes);
        else if (cells is SharedSeriesCells { Labels: LabelsInUse { AreBusy: false } } shared && !_shared.TryChange(endpoint, shared, changes))
            AddShared(endpoint, shared, changes);
    }

    private void AddShared(Endpoint endpoint, SharedSeriesCells cells, int changes)
    {
        lock (_lock)
            _shared.Add(endpoint, cells, changes);
    }

    private sealed class Kept<TCells> : ReferenceTable<Endpoint, TCells, ByAddress>
        where TCells : FoundCells
    {
        private int _changes;

        /// <summary>How many routes had turned out to be others before any of these was asked for.</summary>
        public int Changes => Volatile.Read(ref _changes);

        public bool TryChange(Endpoint endpoint, TCells cells, int changes) => changes == Changes && TryChange(endpoint, cells);

        public void Add(Endpoint endpoint, TCells cells, int changes)
        {
            if (changes != Changes || Count >= EndpointRoutes.MostEndpoints)
                Clear();
            Volatile.Write(ref _changes, changes);
            Add(endpoint, cells);
        }
    }
}
