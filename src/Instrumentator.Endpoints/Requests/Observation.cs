using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator;

/// <summary>One request while it runs, where more is to be seen than its start and its end.</summary>
/// <remarks>
/// <para>Where routing comes later, this takes the place of the endpoint feature, so that it sees the endpoint that is chosen and
/// keeps it when an error page chooses another. Where handlers have templates of their own, it is a feature itself, and they tell it.</para>
/// <para>One thread at a time writes to it, as to its request. It is used again for a later request, unless a callback may still come.</para>
/// </remarks>
internal sealed class Observation : IEndpointFeature
{
    // One for each thread, and one for all: a request that waits ends on another thread than it began.
    [ThreadStatic]
    private static Observation? _spare;
    private static Observation? _sharedSpare;

    private HttpContext _context = null!;
    private RequestObserver _observer = null!;
    private string _path = "";
    private long _started;
    private bool _isWatching;
    private bool _isFeature;
    private IEndpointFeature? _endpointFeature;
    private Endpoint? _shownEndpoint;
    private Endpoint? _endpoint;
    private PathString _pathBase;
    private string? _template;
    private bool _isIgnored;
    private Route? _route;
    private Gauge? _inProgress;
    private long? _responseStarted;
    private ResponseBodyCapture? _body;

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

    Endpoint? IEndpointFeature.Endpoint
    {
        get => _endpointFeature is null ? _shownEndpoint : _endpointFeature.Endpoint;
        set => Show(value);
    }

    /// <summary>The route as far as it is known by now.</summary>
    private Route Route => _route ??= _isIgnored
        ? Route.Unmeasured
        : _template is null
        ? _observer.FindRoute(_context, _endpoint, _pathBase, _path)
        : _observer.FindRoute(_template, _pathBase);

    public static Observation Begin(HttpContext context, RequestObserver observer)
    {
        var observation = _spare ?? Interlocked.Exchange(ref _sharedSpare, null) ?? new Observation();
        _spare = null;
        observation.Start(context, observer);
        return observation;
    }

    /// <summary>The one that observes this request already, if handlers can tell it a template; else null.</summary>
    public static Observation? Of(HttpContext context) => context.Features.Get<Observation>();

    /// <summary>Leaves no trace of the request, whatever it is labelled: a handler asked for it.</summary>
    public void Ignore()
    {
        _isIgnored = true;
        Change(_endpoint, _pathBase, _template);
    }

    /// <summary>Sends what the app left in the writer of a body that is looked at.</summary>
    public ValueTask FlushBodyAsync() => _body?.FlushAsync() ?? default;

    /// <summary>Records the request. Never throws.</summary>
    public void End(Exception? exception)
    {
        var route = Stop();
        _observer.Record(_context, route, _started, _responseStarted, _body is { IsKept: true } ? _body : null, exception);
        GiveBack();
    }

    /// <summary>Leaves no trace of the request: it was not for this app.</summary>
    public void Discard()
    {
        Stop();
        GiveBack();
    }

    private void Start(HttpContext context, RequestObserver observer)
    {
        (_context, _observer, _started) = (context, observer, observer.Now());
        _pathBase = context.Request.PathBase;
        (_endpoint, _path) = Reexecution.Of(context) ?? (context.GetEndpoint(), context.Request.Path.Value ?? "");
        if (_endpoint is null)
            WatchEndpoint();
        if (HandlerTemplates.AreUsed)
            BeFeature();
        if (observer.CountsInProgress)
            CountInProgress();
        if (observer.ReadsResponseStart)
            context.Response.OnStarting(static state => ((Observation)state).NoteResponseStart(), this);
        if (observer.ReadsBodies)
            _body = ResponseBodyCapture.Start(context, observer.BodyLimit, () => Route);
    }

    private Route Stop()
    {
        StopWatching();
        if (_isFeature)
            _context.Features.Set<Observation>(null);
        _body?.Stop();
        _inProgress?.Decrement();
        return Route;
    }

    // A response that has not begun yet calls back later, and a body may be read later: then this object stays theirs.
    private void GiveBack()
    {
        if (_observer.ReadsResponseStart || _observer.ReadsBodies)
            return;
        (_context, _observer, _path, _isWatching, _isFeature, _isIgnored) = (null!, null!, "", false, false, false);
        (_endpointFeature, _shownEndpoint, _endpoint, _pathBase) = (null, null, null, default);
        (_template, _route, _inProgress, Mount, Entered) = (null, null, null, ("", ""), "");
        if (_spare is null)
            _spare = this;
        else
            Volatile.Write(ref _sharedSpare, this);
    }

    private void BeFeature()
    {
        _isFeature = true;
        _context.Features.Set(this);
    }

    private void WatchEndpoint()
    {
        _isWatching = true;
        _endpointFeature = _context.Features.Get<IEndpointFeature>();
        _context.Features.Set<IEndpointFeature>(this);
    }

    // Who looks at the endpoint afterwards, the server's own metrics for one, finds it as if this had not been here.
    private void StopWatching()
    {
        if (!_isWatching || !ReferenceEquals(_context.Features.Get<IEndpointFeature>(), this))
            return;
        _context.Features.Set(_endpointFeature);
        if (_endpointFeature is null)
            _context.SetEndpoint(_shownEndpoint);
    }

    private void Show(Endpoint? endpoint)
    {
        if (_endpointFeature is null)
            _shownEndpoint = endpoint;
        else
            _endpointFeature.Endpoint = endpoint;
        if (endpoint is not null && _isWatching && Reexecution.Of(_context) is null)
            Change(endpoint, _context.Request.PathBase, _template);
    }

    private void Change(Endpoint? endpoint, PathString pathBase, string? template)
    {
        (_endpoint, _pathBase, _template, _route) = (endpoint, pathBase, template, null);
        if (_observer.CountsInProgress)
            CountInProgress();
    }

    // A request whose handler is not known yet counts as one without a template, and moves when it is.
    private void CountInProgress()
    {
        var before = _inProgress;
        _inProgress = Route.InProgressOf(_context.Request.Method);
        _inProgress?.Increment();
        before?.Decrement();
    }

    private Task NoteResponseStart()
    {
        _responseStarted ??= _observer.Now();
        return Task.CompletedTask;
    }
}
