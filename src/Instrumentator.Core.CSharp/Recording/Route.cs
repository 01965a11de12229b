namespace Instrumentator;

/// <summary>What is remembered of one handler: its labels by method and status. Made once for an endpoint, so a request
/// hashes no text.</summary>
internal sealed class Route
{
    private const int FirstResponses = 10;
    private const int ForEver = int.MaxValue;

    private readonly Recorder? _recorder;
    private readonly ValueList<Label> _routeValues;

    // By method, and in there by status: both closed sets, so this is as large as it can get.
    private readonly RequestLabels?[]?[] _labels;
    private readonly Gauge?[] _inProgress;
    private readonly string[] _methods;
    private readonly StatusGroups _groups;
    private readonly bool _isPlain;

    // By combination as well, where labels by allow-list are asked for: what requests brought by now.
    private ByCombination<RequestLabels>? _listed;
    private ByCombination<Gauge>? _listedInProgress;

    // How many requests are still to be tracked.
    private int _tracked;
    private LongLivedCells? _longLived;
    private Route? _whenLongLived;

    public Route(string handler, ValueList<Label> routeValues, Recorder recorder, bool keepsBody, bool isLongLived = false)
    {
        (Handler, _routeValues, _recorder, KeepsBody) = (handler, routeValues, recorder, keepsBody);
        if (recorder.LongLived is not null)
            (IsLongLived, _tracked) = (isLongLived, isLongLived ? ForEver : FirstResponses);
        (_methods, _groups) = (recorder.MethodLabels, StatusLabel.GroupsOf(recorder.Config));
        _isPlain = recorder.IsPlain;
        _labels = new RequestLabels?[_methods.Length][];
        _inProgress = new Gauge?[_methods.Length];
    }

    private Route() => (Handler, _routeValues, _methods, _labels, _inProgress) = ("", [], [], [], []);

    /// <summary>The route of requests that leave no trace.</summary>
    public static Route Unmeasured { get; } = new();

    public bool IsMeasured => !ReferenceEquals(this, Unmeasured);

    public string Handler { get; }

    /// <summary>Whether metric functions may read the response's body.</summary>
    public bool KeepsBody { get; }

    /// <summary>Whether all its requests are long-lived, since its endpoint says so.</summary>
    public bool IsLongLived { get; }

    /// <summary>Whether its responses may turn out to be long-lived, so that its requests are tracked for the gauge of
    /// open ones.</summary>
    /// <remarks>True for the first few requests, and from then on where one of them was long-lived: a route that
    /// answers with plain responses continues to.</remarks>
    public bool IsTracked => Volatile.Read(ref _tracked) > 0;

    /// <summary>The gauge and the histogram of its long-lived requests. To be asked only where there are
    /// some.</summary>
    public LongLivedCells? LongLived => _recorder?.LongLived is { } metrics ? _longLived ??= metrics.Of(New(0, status: "")) : null;

    /// <summary>The same route for its long-lived requests, whose labels lead to other cells: no latencies.</summary>
    public Route WhenLongLived => _whenLongLived ?? First(ref _whenLongLived, new Route(Handler, _routeValues, _recorder!, KeepsBody));

    /// <summary>Remembers what a response turned out to be.</summary>
    /// <remarks>Errors say nothing of what the route answers with otherwise.</remarks>
    public void Learn(bool isLongLived, int status = 200)
    {
        if (isLongLived && _recorder?.LongLived is not null)
            Volatile.Write(ref _tracked, ForEver);
        else if (_tracked is > 0 and <= FirstResponses && status < 400)
            Interlocked.Decrement(ref _tracked);
    }

    /// <summary>Finds the series of a request whose duration and sizes are all that is recorded of it.</summary>
    /// <returns>The series; null before the first such request, and where more is recorded, or otherwise than as
    /// measured.</returns>
    public RequestSeries? FindSeries(string method, int status) =>
        _isPlain ? PlainLabelsOf(method, status).Cells.Value as RequestSeries : null;

    /// <summary>Finds the labels of a request: the same object each time.</summary>
    public RequestLabels LabelsOf(string? method, int status, Exchange exchange) =>
        _recorder!.Listed is { } listed
            ? ListedLabelsOf(method, status, exchange, listed)
            : PlainLabelsOf(method, status);

    /// <summary>Finds the labels of a request without values by allow-list.</summary>
    public RequestLabels PlainLabelsOf(string? method, int status)
    {
        var byMethod = MethodLabel.IndexOf(method, _methods);
        var byStatus = StatusLabel.IndexOf(status, _groups);
        return _labels[byMethod]?[byStatus] ?? AddSlow(byMethod, byStatus);
    }

    /// <summary>The gauge that counts a request of this handler while it runs; null when there is none.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="exchange">The request, of which values by allow-list are read.</param>
    public Gauge? InProgressOf(string? method, Exchange exchange)
    {
        if (_recorder?.InProgress is not { } gauges)
            return null;
        var byMethod = MethodLabel.IndexOf(method, _methods);
        return gauges.Listed is { } listed
            ? (_listedInProgress ?? First(ref _listedInProgress, new(listed, NewInProgress))).Find(byMethod, exchange)
            : _inProgress[byMethod] ??= gauges.Of(New(byMethod, status: ""));
    }

    private RequestLabels ListedLabelsOf(string? method, int status, Exchange exchange, ListedValues listed)
    {
        var byMethod = MethodLabel.IndexOf(method, _methods);
        var group = (byMethod * StatusLabel.Count(_groups)) + StatusLabel.IndexOf(status, _groups);
        return (_listed ?? First(ref _listed, new(listed, NewListed))).Find(group, exchange);
    }

    private RequestLabels NewListed(int group, ListedTexts texts)
    {
        var (byMethod, byStatus) = Math.DivRem(group, StatusLabel.Count(_groups));
        return New(byMethod, StatusLabel.Label(byStatus, _groups), texts);
    }

    private Gauge NewInProgress(int byMethod, ListedTexts texts) =>
        _recorder!.InProgress!.Of(New(byMethod, status: "", texts));

    // Benign race: the first instance wins.
    private RequestLabels AddSlow(int byMethod, int byStatus)
    {
        ref var place = ref _labels[byMethod];
        var statuses = place ?? First(ref place, new RequestLabels?[StatusLabel.Count(_groups)]);
        return First(ref statuses[byStatus], New(byMethod, StatusLabel.Label(byStatus, _groups)));
    }

    private RequestLabels New(int byMethod, string status, ListedTexts? listed = null) =>
        new(Handler, _methods[byMethod], status, _routeValues, listed);

    private static T First<T>(ref T? place, T made)
        where T : class => Interlocked.CompareExchange(ref place, made, null) ?? made;
}
