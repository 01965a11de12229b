using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator;

/// <summary>A request of which something has to be observed while it runs, with all that was.</summary>
/// <remarks>
/// <para>Where its endpoint is not known yet, or a recorder further in may want to know, it takes the place of the
/// endpoint feature: so it learns which endpoint is chosen, and keeps that one when an error page chooses another;
/// handlers tell it the templates of their routes; and recorders further in leave the request alone. When the request
/// is done it stays there, and only passes on the endpoint. Where its endpoint is known, handlers with templates leave a
/// note instead.</para>
/// <para>One thread at a time uses it, as its request; only the start of the response may come on another thread, after
/// the request ended. It is not used again, since an app may keep a feature for as long as it likes.</para>
/// </remarks>
internal sealed class TrackedRequest : IEndpointFeature
{
    private const long Never = long.MinValue;

    private readonly HttpContext _context;
    private readonly RequestRecorder? _recorder;
    private readonly long _started;
    private string _path = "";

    // What held the endpoint before this took its place.
    private IEndpointFeature? _inner;

    // The endpoint as the app sees it, and the one that the request is recorded under.
    private Endpoint? _chosen;
    private Endpoint? _endpoint;
    private PathString _routedPath;
    private PathString _pathBase;
    private string? _template;
    private Route? _route;
    private Gauge? _inProgress;
    private Gauge? _longLived;
    private Gauge? _open;
    private long _responseStarted = Never;
    private ResponseBodyCapture? _responseBody;
    private RequestBodyCount? _requestBody;
    private int _revision;
    private bool _isEndpointFeature;
    private bool _isIgnored;
    private bool _isDone;

    private TrackedRequest(HttpContext context, RequestRecorder? recorder, long started) =>
        (_context, _recorder, _started) = (context, recorder, started);

    /// <summary>The template that a handler told, in place of the endpoint's; null while none did.</summary>
    public string? Template
    {
        get => _template;
        set => Change(_endpoint, _pathBase, value);
    }

    /// <summary>How far handlers have come down the path, as a path and as a template, which their own templates are
    /// joined to.</summary>
    public (string Path, string Template) Mount { get; set; } = ("", "");

    /// <summary>How much of the path was matched when the innermost handler with a template was entered.</summary>
    public string Entered { get; set; } = "";

    /// <summary>The route as far as it is known.</summary>
    public Route Route => _route ??= _isIgnored
        ? Route.Unmeasured
        : _template is null
        ? Recorder.Routes.Find(_context, _endpoint, _pathBase, _routedPath, _path)
        : Recorder.Routes.Find(_template, _pathBase);

    Endpoint? IEndpointFeature.Endpoint
    {
        get => _inner is null ? _chosen : _inner.Endpoint;
        set
        {
            if (_inner is null)
                _chosen = value;
            else
                _inner.Endpoint = value;
            Choose(value);
        }
    }

    private RequestRecorder Recorder => _recorder!;

    private bool IsNote => _recorder is null;

    // Where the endpoint is not known, or handlers tell templates, it is not known yet what the route has learned.
    private bool MayBecomeLongLived => Recorder.LearnsLongLived && (_isEndpointFeature || Route.IsTracked);

    private bool IsKnown => _endpoint is not null || _template is not null || _isIgnored;

    /// <summary>Returns the one that tracks a request, if it can be found; else null.</summary>
    /// <param name="feature">What holds the request's endpoint.</param>
    public static TrackedRequest? Of(IEndpointFeature? feature) =>
        feature is TrackedRequest { _isDone: false } tracked ? tracked : null;

    /// <summary>Returns what handlers tell the templates of their routes to: the one that tracks a request, or a
    /// note.</summary>
    public static TrackedRequest OrNote(HttpContext context)
    {
        var feature = EndpointRoutes.FeatureOf(context);
        if ((Of(feature) ?? NoteOf(context)) is { } known)
            return known;
        var note = new TrackedRequest(context, null, 0);
        note.ReadRequest(feature?.Endpoint);
        context.Features[typeof(TrackedRequest)] = note;
        return note;
    }

    /// <summary>Returns the route that handlers noted, and forgets the note.</summary>
    /// <param name="context">The request.</param>
    /// <param name="recorder">What the request is recorded by.</param>
    /// <param name="route">The endpoint's route, for where they noted none.</param>
    public static Route TakeNoted(HttpContext context, RequestRecorder recorder, Route route)
    {
        if (NoteOf(context) is not { } note)
            return route;
        context.Features[typeof(TrackedRequest)] = null;
        if (note._isIgnored)
            return Route.Unmeasured;
        return note._template is null ? route : recorder.Routes.Find(note._template, note._pathBase);
    }

    /// <summary>Begins to track a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="recorder">What it is recorded by.</param>
    /// <param name="started">When it started, in ticks of the recorder's clock.</param>
    /// <param name="feature">What holds its endpoint; null when none was chosen yet.</param>
    /// <param name="isHandler">Whether a handler is tracked: routing is done by then, and further handlers tell their
    /// templates.</param>
    public static TrackedRequest Begin(
        HttpContext context, RequestRecorder recorder, long started, IEndpointFeature? feature, bool isHandler)
    {
        var request = new TrackedRequest(context, recorder, started);
        try
        {
            request.Begin(feature, isHandler);
            return request;
        }
        catch
        {
            // It may be counted as in progress by now.
            request.Discard();
            throw;
        }
    }

    /// <summary>Leaves no trace of the request: a handler asked for it.</summary>
    public void Ignore()
    {
        _isIgnored = true;
        Change(_endpoint, _pathBase, _template);
    }

    /// <summary>Records a request that completed at once. Never throws.</summary>
    public void End() => End(default);

    /// <summary>Records a request that took its time, so that its client may have hung up. Never throws.</summary>
    public void EndAwaited() => End(Recorder.OutcomeOfAwaited(_context));

    /// <summary>Records a request that ended by an exception. Never throws.</summary>
    public void Fail(Exception exception) => End(Recorder.OutcomeOf(_context, exception));

    /// <summary>Leaves no trace of the request: it was not for this app.</summary>
    public void Discard() => Stop();

    private static TrackedRequest? NoteOf(HttpContext context) => context.Feature<TrackedRequest>();

    // The feature is set first, and is not taken away at the end: either makes a context look all others up again.
    private void Begin(IEndpointFeature? feature, bool isHandler)
    {
        var endpoint = feature?.Endpoint;
        if (endpoint is null || isHandler || Recorder.HasNestedRecorders)
            BeEndpointFeature(feature);
        ReadRequest(endpoint);
        CountInProgress();
        CountLongLived();
        if (Recorder.ReadsResponseStart || MayBecomeLongLived)
            WatchResponse();
        if (Recorder.ReadsBodies || Recorder.CountsBytes)
            _responseBody = ResponseBodyCapture.Start(_context, Recorder, () => Route);
        if (Recorder.CountsBytes)
            _requestBody = RequestBodyCount.Start(_context);
        _revision = _context.Features.Revision;
    }

    private void ReadRequest(Endpoint? endpoint)
    {
        (_pathBase, _routedPath) = (_context.Request.PathBase, _context.Request.Path);
        (_endpoint, _path) = Reexecution.IsPossible(_context) && Reexecution.Of(_context) is { } first
            ? first
            : (endpoint, _routedPath.Value ?? "");
    }

    // An earlier one, which is done, may be there. It is replaced, and not kept inside.
    private void BeEndpointFeature(IEndpointFeature? feature)
    {
        (_inner, _chosen) = feature is TrackedRequest earlier ? (earlier._inner, earlier._chosen) : (feature, null);
        _context.Features[typeof(IEndpointFeature)] = this;
        _isEndpointFeature = true;
    }

    private void End(in RequestOutcome outcome)
    {
        Stop();
        Record(outcome);
    }

    private void Record(in RequestOutcome outcome)
    {
        if (!_isEndpointFeature && _context.Features.Revision != _revision)
            _route = TakeNoted(_context, Recorder, Route);
        if (Recorder.CountsInProgress && _inProgress is null)
            ShowInProgress();
        if (IsPlain(outcome))
            Recorder.Record(_context, Route, _started);
        else
            RecordObserved(outcome);
    }

    private void RecordObserved(in RequestOutcome outcome)
    {
        var timestamps = Recorder.TimestampsSince(_started, _responseStarted == Never ? null : _responseStarted);
        var bodies = new BodySizeCounts(_requestBody?.Length, _responseBody?.CountFor(_context));
        Recorder.Record(_context, Route, timestamps, outcome, bodies);
    }

    // Nothing but its end was of interest.
    private bool IsPlain(in RequestOutcome outcome) =>
        outcome is { IsReplaced: false, Exception: null } && !Recorder.ReadsResponseStart
        && _responseBody is null && _requestBody is null && !Route.IsTracked;

    private void Stop()
    {
        Volatile.Write(ref _isDone, true);
        _responseBody?.Stop();
        _requestBody?.Stop();
        _inProgress?.Decrement();
        _longLived?.Decrement();
        CloseResponse();
    }

    // A request whose path becomes its label was not counted while it ran: its series is there at 0, as that of all
    // others.
    private void ShowInProgress() => _ = InProgressOf(Route);

    private Gauge? InProgressOf(Route route) =>
        route.InProgressOf(_context.Request.Method, HttpContextReader.ExchangeOf(_context));

    // The endpoint of an error page is not the request's.
    private void Choose(Endpoint? endpoint)
    {
        if (endpoint is null || _isDone || Reexecution.Of(_context) is not null)
            return;
        _routedPath = _context.Request.Path;
        Change(endpoint, _context.Request.PathBase, _template);
    }

    private void Change(Endpoint? endpoint, PathString pathBase, string? template)
    {
        (_endpoint, _pathBase, _template, _route) = (endpoint, pathBase, template, null);
        if (IsNote || _isDone)
            return;
        CountInProgress();
        CountLongLived();
    }

    // A request whose handler is not known yet counts as one without a template, and moves when it is.
    private void CountInProgress()
    {
        if (!Recorder.CountsInProgress)
            return;
        var route = IsKnown ? Route : Recorder.Routes.WhileUnknown(_path);
        Move(ref _inProgress, InProgressOf(route));
    }

    // Those of endpoints that say so count from the start.
    private void CountLongLived()
    {
        if (IsKnown && Route.IsLongLived)
            Move(ref _longLived, Route.LongLived?.Open);
        else if (_longLived is not null)
            Move(ref _longLived, null);
    }

    // Up before down: it is in progress all the time.
    private static void Move(ref Gauge? gauge, Gauge? to)
    {
        var before = gauge;
        gauge = to;
        gauge?.Increment();
        before?.Decrement();
    }

    // Middleware outside may have started the response before.
    private void WatchResponse()
    {
        if (_context.Response.HasStarted)
            _responseStarted = _started;
        else
            _context.Response.OnStarting(static state => ((TrackedRequest)state).NoteResponseStartAsync(), this);
    }

    private Task NoteResponseStartAsync()
    {
        if (Recorder.ReadsResponseStart && _responseStarted == Never)
            _responseStarted = Recorder.Now();
        try
        {
            if (!Volatile.Read(ref _isDone) && Recorder.IsLongLived(_context))
                OpenResponse();
        }
#pragma warning disable CA1031 // The gauge may be another library's, and the response waits for this.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Recorder.Log.RequestLost(e);
        }
        return Task.CompletedTask;
    }

    // The request may end on another thread meanwhile.
    private void OpenResponse()
    {
        Route.Learn(isLongLived: true);
        if (Route.IsLongLived || Route.LongLived?.Open is not { } open)
            return;
        open.Increment();
        Interlocked.Exchange(ref _open, open);
        if (Volatile.Read(ref _isDone))
            CloseResponse();
    }

    private void CloseResponse() => Interlocked.Exchange(ref _open, null)?.Decrement();
}
