using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>One request while it runs, where more is to be seen than its start and its end.</summary>
/// <remarks>
/// <para>Where routing comes later, an <see cref="EndpointWatcher"/> tells it the endpoint that is chosen, and it keeps it when an error page chooses
/// another. Where handlers have templates of their own, it is a feature itself, and they tell it.</para>
/// <para>One thread at a time writes to it, as to its request. It is used again for a later request, unless a callback may still come.</para>
/// </remarks>
internal sealed class Observation
{
    // One for each thread, and one for all: a request that waits ends on another thread than it began.
    [ThreadStatic]
    private static Observation? _spare;
    private static Observation? _sharedSpare;

    private HttpContext _context = null!;
    private RequestObserver _observer = null!;
    private string _path = "";
    private long _started;
    private bool _isFeature;
    private EndpointWatcher? _watcher;
    private Endpoint? _endpoint;
    private PathString _routedPath;
    private PathString _pathBase;
    private string? _template;
    private bool _isIgnored;
    private Route? _route;
    private Gauge? _inProgress;
    private ResponseStart? _response;
    private ResponseBodyCapture? _body;
    private RequestBodyCount? _requestBody;
    private Gauge? _longLived;
    private Route? _asked;

    private Observation() { }

    /// <summary>The template that a handler told, in place of the endpoint's; null while none did.</summary>
    public string? Template
    {
        get => _template;
        set => Change(_endpoint, _pathBase, value);
    }

    /// <summary>How far handlers have come down the path, as a path and as a template: what their own templates are joined to.</summary>
    public (string Path, string Template) Mount { get; set; } = ("", "");

    /// <summary>How much of the path was matched when the innermost handler with a template was entered.</summary>
    public string Entered { get; set; } = "";

    /// <summary>The route as far as it is known by now.</summary>
    public Route Route => _route ??= _isIgnored
        ? Route.Unmeasured
        : _template is null
        ? _observer.FindRoute(_context, _endpoint, _pathBase, _routedPath, _path)
        : _observer.FindRoute(_template, _pathBase);

    // A request whose handler is not known yet counts as one without a template, and moves when it is.
    private Route KnownRoute => IsKnown ? Route : _observer.RouteWhileUnknown(_path);

    private bool IsKnown => _endpoint is not null || _template is not null || _isIgnored;

    /// <summary>Begins to observe a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="observer">What it is recorded by.</param>
    /// <param name="started">When it came in.</param>
    /// <param name="isRouted">Whether routing was done, so that no endpoint is chosen later.</param>
    public static Observation Begin(HttpContext context, RequestObserver observer, long started, bool isRouted = false)
    {
        var observation = _spare ?? Interlocked.Exchange(ref _sharedSpare, null) ?? new Observation();
        _spare = null;
        try
        {
            observation.Start(context, observer, started, isRouted);
            return observation;
        }
        catch
        {
            // It may count as in progress by now, or have put itself in the place of a feature.
            observation.Stop();
            throw;
        }
    }

    /// <summary>The one that observes this request already, if handlers can tell it a template; else null.</summary>
    public static Observation? Of(HttpContext context) => context.Features[typeof(Observation)] as Observation;

    /// <summary>Leaves no trace of the request, whatever it is labelled: a handler asked for it.</summary>
    public void Ignore()
    {
        _isIgnored = true;
        Change(_endpoint, _pathBase, _template);
    }

    /// <summary>Records a request that ended as it should. Never throws.</summary>
    public void End() => End(default);

    /// <summary>The same of one that took its time, so that its client may have hung up.</summary>
    public void EndWait() => End(_observer.EndingOfWait(_context));

    /// <summary>Records a request that ended by an exception. Never throws.</summary>
    public void Fail(Exception exception) => End(_observer.EndingOf(_context, exception));

    /// <summary>Leaves no trace of the request: it was not for this app.</summary>
    public void Discard()
    {
        Stop();
        GiveBack();
    }

    /// <summary>An endpoint was chosen. That of an error page is not the request's.</summary>
    public void Show(Endpoint? endpoint)
    {
        if (endpoint is null || Reexecution.Of(_context) is not null)
            return;
        _routedPath = _context.Request.Path;
        Change(endpoint, _context.Request.PathBase, _template);
    }

    private void Start(HttpContext context, RequestObserver observer, long started, bool isRouted)
    {
        (_context, _observer, _started) = (context, observer, started);
        (_pathBase, _routedPath) = (context.Request.PathBase, context.Request.Path);
        (_endpoint, _path) = Reexecution.IsPossible(context) && Reexecution.Of(context) is { } first ? first : (HttpContextFacts.EndpointOf(context), context.Request.Path.Value ?? "");
        if (_endpoint is null && !isRouted)
            _watcher = EndpointWatcher.Start(context, this);
        if (HandlerTemplates.AreUsed)
            BeFeature();
        if (observer.CountsInProgress)
            CountInProgress();
        WatchResponse();
        if (observer.ReadsBodies || observer.CountsBytes)
            _body = ResponseBodyCapture.Start(context, observer, () => Route);
        if (observer.CountsBytes)
            _requestBody = RequestBodyCount.Start(context);
    }

    private void End(in Ending ending)
    {
        Stop();
        if (_observer.CountsInProgress && _inProgress is null)
            ShowInProgress();
        if (!ReferenceEquals(_asked, Route))
            _asked?.Learn(isLongLived: false); // It was watched as one of another route than it turned out to be.
        if (IsPlain(ending))
            _observer.Record(_context, Route, _started);
        else
            _observer.Record(_context, Route, _observer.MomentsSince(_started, _response?.Moment), ending, new BodyCounts(_requestBody?.Length, _body?.CountFor(_context)));
        GiveBack();
    }

    // Nothing but its end was to be seen of it.
    private bool IsPlain(in Ending ending) =>
        !_observer.ReadsResponseStart && _body is null && _requestBody is null && ending is { IsReplaced: false, Exception: null } && Route is { IsMeasured: true, IsLongLived: false };

    private void Stop()
    {
        _watcher?.Stop();
        if (_isFeature)
            _context.Features[typeof(Observation)] = null;
        _body?.Stop();
        _requestBody?.Stop();
        _response?.Stop();
        _inProgress?.Decrement();
        _longLived?.Decrement();
    }

    // A request whose path becomes its label was not counted while it ran: its series is there at 0, like that of all others.
    private void ShowInProgress() => _ = Route.InProgressOf(_context.Request.Method, new Exchange(_context, HttpContextReader.Instance));

    // A body may be read later: then this object stays its.
    private void GiveBack()
    {
        if (_observer.ReadsBodies || _observer.CountsBytes)
            return;
        (_context, _observer, _path, _watcher, _isFeature, _isIgnored) = (null!, null!, "", null, false, false);
        (_endpoint, _pathBase, _routedPath) = (null, default, default);
        (_template, _route, _asked, _inProgress, _longLived, _response, Mount, Entered) = (null, null, null, null, null, null, ("", ""), "");
        if (_spare is null)
            _spare = this;
        else
            Volatile.Write(ref _sharedSpare, this);
    }

    private void BeFeature()
    {
        _isFeature = true;
        _context.Features[typeof(Observation)] = this;
    }

    private void Change(Endpoint? endpoint, PathString pathBase, string? template)
    {
        (_endpoint, _pathBase, _template, _route) = (endpoint, pathBase, template, null);
        if (_observer.CountsInProgress)
            CountInProgress();
        WatchResponse();
    }

    // As a request whose handler is not known yet; and again when it is.
    private void WatchResponse()
    {
        var route = IsKnown ? Route : _observer.RouteToWatch(_path);
        _asked ??= route;
        _response ??= _observer.WatchResponse(_context, route, _started, this);
        if (route.IsLongLived || _longLived is not null)
            Move(ref _longLived, route.IsLongLived ? route.LongLived?.Open : null);
    }

    private void CountInProgress() => Move(ref _inProgress, KnownRoute.InProgressOf(_context.Request.Method, new Exchange(_context, HttpContextReader.Instance)));

    // Up before down: it is in progress all the time.
    private static void Move(ref Gauge? gauge, Gauge? to)
    {
        var before = gauge;
        gauge = to;
        gauge?.Increment();
        before?.Decrement();
    }
}
