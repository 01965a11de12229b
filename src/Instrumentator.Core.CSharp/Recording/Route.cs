using Instrumentator.Adapters;

namespace Instrumentator;

/// <summary>The cached labels of one handler, by method and status. Created once for an endpoint, so a request hashes
/// no text.</summary>
internal sealed class Route
{
    private const int FirstResponses = 10;
    private const int ForEver = int.MaxValue;

    private readonly Recorder? _recorder;
    private readonly ValueList<Label> _routeValues;

    // Indexed by method and then by status: both are closed sets, so the size is bounded.
    private readonly RequestLabels?[]?[] _labels;
    private readonly InProgressGauge?[] _inProgress;
    private readonly string[] _methods;
    private readonly StatusGroups _groups;
    private readonly bool _isPlain;
    private readonly bool _isLongLived;

    // Also by combination, when labels use bounded values: those of requests so far.
    private ByCombination<RequestLabels>? _bounded;
    private ByCombination<InProgressGauge>? _boundedInProgress;

    // The number of requests still to be tracked.
    private int _tracked;
    private LongLivedCells? _longLived;
    private Route? _whenLongLived;

    public Route(
        string handler,
        ValueList<Label> routeValues,
        Recorder recorder,
        bool keepsBody,
        Lifetime lifetime = default,
        bool isLongLived = false)
    {
        (Handler, _routeValues, _recorder, KeepsBody) = (handler, routeValues, recorder, keepsBody);
        _isLongLived = isLongLived;
        if (recorder.LongLived is not null)
            (Lifetime, _tracked) = (lifetime, TrackedAtFirst(lifetime));
        (_methods, _groups) = (recorder.MethodLabels, StatusLabel.GroupsOf(recorder.Config));
        _isPlain = recorder.IsPlain;
        _labels = new RequestLabels?[_methods.Length][];
        _inProgress = new InProgressGauge?[_methods.Length];
    }

    private Route() => (Handler, _routeValues, _methods, _labels, _inProgress) = ("", [], [], [], []);

    /// <summary>The route of requests that are not measured.</summary>
    public static Route Unmeasured { get; } = new();

    public bool IsMeasured => !ReferenceEquals(this, Unmeasured);

    public string Handler { get; }

    /// <summary>Whether metric functions may read the response body.</summary>
    public bool KeepsBody { get; }

    /// <summary>What tells whether its requests are long-lived.</summary>
    public Lifetime Lifetime { get; }

    /// <summary>Whether its responses may turn out to be long-lived, so its requests are tracked for the gauge of open
    /// ones.</summary>
    /// <remarks>True for the first few requests, and from then on if one of them was long-lived: a route that
    /// sends plain responses continues to.</remarks>
    public bool IsTracked => Volatile.Read(ref _tracked) > 0;

    /// <summary>The gauge and the histogram of its long-lived requests. Read it only when there are some.</summary>
    public LongLivedCells? LongLived =>
        _recorder?.LongLived is { } metrics ? _longLived ??= metrics.Of(New(0, status: "")) : null;

    /// <summary>The same route for its long-lived requests, whose labels lead to other cells: no latencies.</summary>
    public Route WhenLongLived =>
        _whenLongLived
            ?? First(ref _whenLongLived, new Route(Handler, _routeValues, _recorder!, KeepsBody, isLongLived: true));

    /// <summary>Whether requests with a method are long-lived; null when their responses tell.</summary>
    public bool? IsLongLived(string? method) => Lifetime switch
    {
        Lifetime.ByResponse => null,
        Lifetime.ByMethod => string.Equals(method, "GET", StringComparison.OrdinalIgnoreCase)
            || string.Equals(method, "CONNECT", StringComparison.OrdinalIgnoreCase),
        var always => always == Lifetime.Long,
    };

    /// <summary>Records whether a response was long-lived.</summary>
    /// <remarks>Errors say nothing about the route's other responses.</remarks>
    public void Learn(bool isLongLived, int status = 200)
    {
        if (isLongLived && _recorder?.LongLived is not null)
            Volatile.Write(ref _tracked, ForEver);
        else if (_tracked is > 0 and <= FirstResponses && status < 400)
            Interlocked.Decrement(ref _tracked);
    }

    /// <summary>Finds the series of a request of which only the duration and sizes are recorded.</summary>
    /// <returns>The series; null before the first such request, and when more is recorded or values are not recorded
    /// as measured.</returns>
    public RequestSeries? FindSeries(string? method, int status) =>
        _isPlain ? PlainLabelsOf(method, status).Cells.Value as RequestSeries : null;

    /// <summary>Finds the labels of a request: the same object each time.</summary>
    public RequestLabels LabelsOf(string? method, int status, Exchange exchange, Exception? exception = null) =>
        _recorder!.Bounded is { } bounded
            ? BoundedLabelsOf(method, new(new(exchange), status, exception), bounded)
            : PlainLabelsOf(method, status);

    /// <summary>Finds the labels of a request without bounded values.</summary>
    public RequestLabels PlainLabelsOf(string? method, int status)
    {
        var byMethod = MethodLabel.IndexOf(method, _methods);
        var byStatus = StatusLabel.IndexOf(status, _groups);
        return _labels[byMethod]?[byStatus] ?? AddSlow(byMethod, byStatus);
    }

    /// <summary>Returns the labels of requests to come, without keeping them.</summary>
    public RequestLabels NewLabels(string? method, int status) => New(
        MethodLabel.IndexOf(method, _methods), StatusLabel.Label(StatusLabel.IndexOf(status, _groups), _groups));

    /// <summary>Returns the gauge that counts a request while it runs; null when there is none.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="exchange">The request, the source of bounded values.</param>
    /// <param name="before">The gauge that has counted it so far, whose bounded values stay.</param>
    public InProgressGauge? InProgressOf(string? method, Exchange exchange, InProgressGauge? before = null)
    {
        if (_recorder?.InProgress is not { } gauges)
            return null;
        var byMethod = MethodLabel.IndexOf(method, _methods);
        return gauges.Bounded is { } bounded
            ? FindBounded(bounded, byMethod, exchange, before?.Labels)
            : _inProgress[byMethod] ??= new(gauges.Of(New(byMethod, status: "")), null);
    }

    private static int TrackedAtFirst(Lifetime lifetime) => lifetime switch
    {
        Lifetime.ByResponse => FirstResponses,
        Lifetime.Short => 0,
        _ => ForEver,
    };

    private RequestLabels BoundedLabelsOf(string? method, in LabelSource source, BoundedValues bounded)
    {
        var byMethod = MethodLabel.IndexOf(method, _methods);
        var group = (byMethod * StatusLabel.Count(_groups)) + StatusLabel.IndexOf(source.StatusCode, _groups);
        return (_bounded ?? First(ref _bounded, new(bounded, NewBounded))).Find(group, source);
    }

    private (RequestLabels Labels, bool MayCache) NewBounded(int group, BoundedTexts texts)
    {
        var (byMethod, byStatus) = Math.DivRem(group, StatusLabel.Count(_groups));
        var labels = New(byMethod, StatusLabel.Label(byStatus, _groups), texts);
        var mayCache = _recorder!.Labels.TryShare(ref labels);
        return (labels, mayCache);
    }

    private InProgressGauge FindBounded(BoundedValues bounded, int byMethod, Exchange exchange, BoundedTexts? read)
    {
        var gauges = _boundedInProgress ?? First(ref _boundedInProgress, new(bounded, NewInProgress));
        return read is null ? gauges.Find(byMethod, new LabelSource(new(exchange))) : gauges.Find(byMethod, read);
    }

    private (InProgressGauge Gauge, bool MayCache) NewInProgress(int byMethod, BoundedTexts texts)
    {
        var labels = New(byMethod, status: "", texts);
        var mayCache = _recorder!.Labels.TryShare(ref labels);
        return (new(_recorder.InProgress!.Of(labels), texts), mayCache);
    }

    // Benign race: the first instance wins.
    private RequestLabels AddSlow(int byMethod, int byStatus)
    {
        var labels = New(byMethod, StatusLabel.Label(byStatus, _groups));
        if (!_recorder!.Labels.TryShare(ref labels))
            return labels;
        ref var place = ref _labels[byMethod];
        var statuses = place ?? First(ref place, new RequestLabels?[StatusLabel.Count(_groups)]);
        return First(ref statuses[byStatus], labels);
    }

    private RequestLabels New(int byMethod, string status, BoundedTexts? bounded = null) =>
        new(Handler, _methods[byMethod], status, _routeValues, bounded) { IsLongLived = _isLongLived };

    private static T First<T>(ref T? place, T made)
        where T : class => Interlocked.CompareExchange(ref place, made, null) ?? made;
}
