using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>The short way from an endpoint to the cells of its requests: those that the next one is most likely recorded in.</summary>
/// <remarks>
/// <see cref="EndpointRoutes"/> leads to them as well, but step by step: with thousands of endpoints, each step is a place in memory to wait for. What is remembered here can be
/// asked for again, so it may be lost.
/// </remarks>
internal sealed class EndpointCells
{
    /// <summary>How many cells of single threads are remembered at the most, of all threads together.</summary>
    public const int MostOwn = 4 * EndpointRoutes.MostEndpoints;

    /// <summary>As many as are at hand without being asked for: a processor's second cache has room for some thousand.</summary>
    public const int Near = 4096;

    private readonly Recorder _recorder;
    private readonly Lock _lock = new();
    private readonly ReferenceTable<Endpoint, PlacedCells, ByAddress> _own = new();
    private readonly ReferenceTable<Endpoint, OfAll<SharedSeriesCells>, ByAddress> _shared = new();

    // How often all was forgotten: what was asked of a route before is not remembered after.
    private volatile int _clears;

    public EndpointCells(Recorder recorder)
    {
        _recorder = recorder;
        recorder.WhenChanged(Clear);
    }

    /// <summary>Whether there are so many that most of them are far from the processor.</summary>
    public bool AreFar => Math.Max(_own.Count, _shared.Count) > Near;

    /// <summary>Asks for the place where the cells of an endpoint are looked for: it takes its time to come.</summary>
    public void Bring(Endpoint endpoint)
    {
        if (_own.Count > Near)
            _own.Bring(endpoint, Writer.Number);
        else
            _shared.Bring(endpoint);
    }

    /// <summary>The cells of an endpoint that are remembered.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="address">The <see cref="OwnSeriesCells.Address"/> of own ones, which therefore need not be read; 0 where there are none.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RememberedCells Find(Endpoint endpoint, out nint address)
    {
        ref readonly var own = ref _own.FindPlace(endpoint, Writer.Number);
        if (Unsafe.IsNullRef(in own))
        {
            address = 0;
            return new RememberedCells(null, FindShared(endpoint));
        }
        address = own.Address;
        return new RememberedCells(own.Cells, null);
    }

    // Not inlined: whoever finds cells of its own keeps its registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private SharedSeriesCells? FindShared(Endpoint endpoint)
    {
        if (_shared.Find(endpoint).Value is not { AreOutgrown: false } shared)
            return null;
        shared.Bring();
        return shared;
    }

    /// <summary>Remembers the cells of an endpoint, where they are known, and where nothing is to be seen of its requests but start and end.</summary>
    public void Keep(Endpoint endpoint, Route route)
    {
        // Before the route is asked: it may turn out to be another meanwhile.
        var clears = _clears;
        if (!route.IsWatched)
            Keep(endpoint, _recorder.UsualCellsOf(route.Expected), clears);
    }

    private void Keep(Endpoint endpoint, FoundCells? cells, int clears)
    {
        if (cells is OwnSeriesCells { Labels: OwnLabels labels } own)
            Add(_own, MostOwn, endpoint, new PlacedCells(own, labels.Thread), clears);
        else if (cells is SharedSeriesCells { Labels: LabelsInUse, AreOutgrown: false } shared)
            Add(_shared, EndpointRoutes.MostEndpoints, endpoint, new OfAll<SharedSeriesCells>(shared), clears);
    }

    private void Add<TCells>(ReferenceTable<Endpoint, TCells, ByAddress> table, int most, Endpoint endpoint, TCells cells, int clears)
        where TCells : struct, IOfThread
    {
        lock (_lock)
        {
            if (clears != _clears)
                return;
            table.Add(endpoint, cells);
            if (table.Count <= most)
                return;
            table.Clear();
            table.Add(endpoint, cells);
        }
    }

    private void Clear()
    {
        lock (_lock)
        {
            _clears++;
            _own.Clear();
            _shared.Clear();
        }
    }
}

/// <summary>The cells that the next request is most likely recorded in: those of this thread, or those of all, or none that are known.</summary>
/// <remarks>By their types, so that nothing of them has to be read to tell which they are.</remarks>
internal readonly struct RememberedCells(OwnSeriesCells? own, SharedSeriesCells? shared)
{
    public OwnSeriesCells? Own => own;

    public SharedSeriesCells? Shared => shared;
}
