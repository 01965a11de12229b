using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>The numbers of requests: of all together, of each row and of each handler.</summary>
internal sealed class RequestHistory
{
    private readonly Catalog _catalog;
    private readonly int _maxRows;
    private readonly Dictionary<(string? Handler, string? Method), RowNumbers> _rows = [];
    private readonly Dictionary<string, (int Index, HandlerNumbers Numbers)> _handlers = new(StringComparer.Ordinal);
    private readonly List<RowNumbers> _allRows = [];
    private readonly List<HandlerNumbers> _allHandlers = [];
    private (int Index, HandlerNumbers Numbers)? _others;
    private RowNumbers? _otherRows;

    /// <summary>Creates an empty history.</summary>
    /// <param name="families">Where the numbers come from.</param>
    /// <param name="catalog">The names.</param>
    /// <param name="maxRows">The maximum number of rows. Requests of further ones are counted in one row.</param>
    public RequestHistory(RequestFamilies families, Catalog catalog, int maxRows)
    {
        (Families, _catalog, _maxRows) = (families, catalog, maxRows);
        (Bounds, HandlerBounds) = (BoundsOf(families.Latency), BoundsOf(families.HandlerLatency));
        Total = RowNumbers.Take(Numbers, Bounds.Count);
    }

    public RequestFamilies Families { get; }

    /// <summary>The buckets of <see cref="Total"/>.</summary>
    public LatencyBounds Bounds { get; }

    /// <summary>The buckets of rows.</summary>
    public LatencyBounds HandlerBounds { get; }

    public NumberTable Numbers { get; } = new();

    public RowNumbers Total { get; }

    public IReadOnlyList<RowNumbers> Rows => _allRows;

    public IReadOnlyList<HandlerNumbers> Handlers => _allHandlers;

    /// <summary>Returns the row of requests with these labels; null for a label that the metrics lack.</summary>
    public RowNumbers RowOf(string? handler, string? method)
    {
        var key = (Families.HaveHandlers ? handler : null, Families.HaveMethods ? method : null);
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, key, out _);
        if (row is not null)
            return row;
        if (_rows.Count > _maxRows)
        {
            _rows.Remove(key);
            return _otherRows ??= AddRow(Others().Index, null);
        }
        return row = AddRow(IndexOf(key.Item1), key.Item2);
    }

    /// <summary>Returns the numbers of a handler.</summary>
    public HandlerNumbers Of(string handler) =>
        (_handlers.TryGetValue(handler, out var known) ? known
            : _handlers.Count < _maxRows ? AddHandler(handler)
            : Others()).Numbers;

    private static LatencyBounds BoundsOf(LabeledFamily? family) =>
        family is null ? LatencyBounds.None : LatencyBounds.Of(family.Definition);

    private RowNumbers AddRow(int handler, string? method)
    {
        var row = RowNumbers.Take(Numbers, HandlerBounds.Count);
        _allRows.Add(row);
        _catalog.AddRow(handler, method);
        return row;
    }

    // A row without a handler has the empty one.
    private int IndexOf(string? handler)
    {
        _ = Of(handler ?? "");
        return _handlers.TryGetValue(handler ?? "", out var known) ? known.Index : Others().Index;
    }

    private (int Index, HandlerNumbers Numbers) Others() => _others ??= Add(null);

    private (int Index, HandlerNumbers Numbers) AddHandler(string handler) => _handlers[handler] = Add(handler);

    private (int Index, HandlerNumbers Numbers) Add(string? name)
    {
        var added = (_allHandlers.Count, HandlerNumbers.Take(Numbers));
        _allHandlers.Add(added.Item2);
        _catalog.AddHandler(name);
        return added;
    }
}
