using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator;

/// <summary>A request that is observed while it runs, with the observations so far.</summary>
/// <remarks>
/// <para>If the endpoint is unknown, or an inner recorder may look for it, the tracked request replaces the endpoint
/// feature. So it learns which endpoint is chosen, and keeps that one when an error page chooses another; handlers
/// report the templates of their routes to it; and inner recorders of the same instrumentation leave the request alone.
/// After the request ends it stays in place, and only forwards the endpoint. If the endpoint is known, handlers with
/// templates leave a note instead.</para>
/// <para>Recorders of other instrumentations add their own: a chain, from the innermost one outward, that ends in a
/// note if there is one. All of them get the endpoint and the templates. A request within a request, with copies of the
/// outer one's features, is another request: it has another context.</para>
/// <para>Like its request, it is used by one thread at a time; only the start of the response may come on another
/// thread, after the request ended. Instances are not reused, since an app may keep a feature for any time.</para>
/// </remarks>
internal sealed class TrackedRequest : IEndpointFeature
{
    private const long Never = long.MinValue;

    private readonly RequestRecorder? _recorder;
    private readonly long _started;
    private HttpContext _context;
    private string _path = "";

    // Read once: middleware may change it for the rest of the app, and the gauge needs it now.
    private string? _method;

    // The feature that held the endpoint before.
    private IEndpointFeature? _inner;

    // The endpoint that the app sees, and the endpoint that the request is recorded under.
    private Endpoint? _chosen;
    private Endpoint? _endpoint;
    private PathString _routedPath;
    private PathString _pathBase;
    private string? _template;
    private Route? _route;
    private InProgressGauge? _inProgress;
    private Gauge? _longLived;
    private Gauge? _open;
    private long _responseStarted = Never;
    private ResponseBodyCapture? _responseBody;
    private RequestBodyCount? _requestBody;
    private int _revision;
    private (string Path, string Template) _mount = ("", "");
    private string _entered = "";
    private bool _isEndpointFeature;
    private bool _hasOuter;
    private bool _countsLongLived = true;
    private bool _isIgnored;
    private bool _hasFailed;
    private bool _isDone;

    private TrackedRequest(HttpContext context, RequestRecorder? recorder, long started) =>
        (_context, _recorder, _started) = (context, recorder, started);

    /// <summary>Gets or sets the template of a handler, which replaces the endpoint's; null until a handler sets
    /// it.</summary>
    public string? Template
    {
        get => _template;
        set
        {
            if (!KeepsLabel)
                Change(_endpoint, _pathBase, value);
            if (Outer is { } outer)
                outer.Template = value;
        }
    }

    /// <summary>Gets or sets whether a handler excluded the request from all metrics.</summary>
    public bool IsIgnored
    {
        get => _isIgnored;
        set
        {
            if (_isIgnored != value && !KeepsLabel)
            {
                _isIgnored = value;
                Change(_endpoint, _pathBase, _template);
            }
            if (Outer is { } outer)
                outer.IsIgnored = value;
        }
    }

    /// <summary>The part of the path that handlers have matched, as a path and as a template. Inner handlers append
    /// their templates to it.</summary>
    public (string Path, string Template) Mount
    {
        get => _mount;
        set
        {
            _mount = value;
            if (Outer is { } outer)
                outer.Mount = value;
        }
    }

    /// <summary>The part of the path that was matched before the innermost handler with a template.</summary>
    public string Entered
    {
        get => _entered;
        set
        {
            _entered = value;
            if (Outer is { } outer)
                outer.Entered = value;
        }
    }

    /// <summary>Gets the route as far as it is known.</summary>
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

    // What an error page or an error handler sets is not the request's.
    private bool KeepsLabel => _hasFailed || Reexecution.Of(_context) is not null;

    private RequestRecorder Recorder => _recorder!;

    private bool IsNote => _recorder is null;

    // The next one outward, or the note.
    private TrackedRequest? Outer => _hasOuter ? Running(_inner, _context) ?? OtherNote() : null;

    // While an endpoint or a handler's template may still come, the route is unknown, and may be one that streams.
    private bool MayBecomeLongLived =>
        Recorder.LearnsLongLived && (_isEndpointFeature || Route.IsTracked || Recorder.MayConnect(_method));

    private bool IsKnown => _endpoint is not null || _template is not null || _isIgnored;

    /// <summary>Whether an outer recorder of the same instrumentation tracks a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="feature">The feature that holds its endpoint.</param>
    /// <param name="recorder">The recorder that would track it.</param>
    public static bool IsTracked(HttpContext context, IEndpointFeature? feature, RequestRecorder recorder)
    {
        var outer = Running(feature, context);
        while (outer is not null && !outer.Recorder.IsSameAs(recorder))
            outer = Running(outer._inner, context);
        return outer is not null;
    }

    /// <summary>Returns the object that receives the templates of handlers: the tracked request or a note.</summary>
    public static TrackedRequest OrNote(HttpContext context)
    {
        var feature = EndpointRoutes.FeatureOf(context);
        if ((Running(feature, context) ?? NoteOf(context)) is { } known)
            return known;
        var note = new TrackedRequest(context, null, 0);
        if (context.Feature<IHttpRequestFeature>() is not null)
            note.ReadRequest(feature?.Endpoint);
        context.Features[typeof(TrackedRequest)] = note;
        return note;
    }

    /// <summary>Returns the route that handlers noted, and removes the note.</summary>
    /// <param name="context">The request.</param>
    /// <param name="recorder">The recorder of the request.</param>
    /// <param name="route">The endpoint's route, which is the result if handlers noted none.</param>
    public static Route TakeNoted(HttpContext context, RequestRecorder recorder, Route route)
    {
        if (NoteOf(context) is not { } note)
            return route;
        context.Features[typeof(TrackedRequest)] = null;
        if (note._isIgnored)
            return Route.Unmeasured;
        return note._template is null ? route : recorder.Routes.Find(note._template, note._pathBase);
    }

    /// <summary>Starts to track a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="recorder">The recorder of the request.</param>
    /// <param name="started">When it started, in ticks of the recorder's clock.</param>
    /// <param name="feature">The feature that holds its endpoint; null when none was chosen yet.</param>
    /// <param name="isHandler">Whether a handler is tracked: routing is done by then, and further handlers report their
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
            // It may count as in progress by now.
            request.Discard();
            if (request._isEndpointFeature)
                context.Features[typeof(IEndpointFeature)] = feature;
            throw;
        }
    }

    /// <summary>Records a request that completed without an exception. Never throws.</summary>
    public void End() => End(exception: null);

    /// <summary>Records a request that failed with an exception. Never throws.</summary>
    public void Fail(Exception exception) => End(exception);

    /// <summary>Excludes the request from all metrics: the app did not handle it.</summary>
    public void Discard() => Stop();

    /// <summary>Keeps the template that is set: an exception left the handler of its route, and who handles it may have
    /// a template, too.</summary>
    public void KeepTemplate()
    {
        _hasFailed = true;
        Outer?.KeepTemplate();
    }

    // The innermost one of the request that is not done. Done ones only forward the endpoint.
    private static TrackedRequest? Running(IEndpointFeature? feature, HttpContext context)
    {
        while (feature is TrackedRequest tracked)
        {
            if (!tracked._isDone && tracked.IsOf(context))
                return tracked;
            feature = tracked._inner;
        }
        return null;
    }

    private static TrackedRequest? NoteOf(HttpContext context) =>
        context.Feature<TrackedRequest>() is { } note && note.IsOf(context) ? note : null;

    private TrackedRequest? OtherNote() => NoteOf(_context) is { } note && note != this ? note : null;

    // Middleware may wrap the context and pass on its features.
    private bool IsOf(HttpContext context)
    {
        if (ReferenceEquals(_context, context))
            return true;
        try
        {
            return ReferenceEquals(_context.Features, context.Features);
        }
#pragma warning disable CA1031 // A context that ended throws: it is not this one.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    // The feature is set first and never removed: a change of features makes the context look up all others again.
    private void Begin(IEndpointFeature? feature, bool isHandler)
    {
        var endpoint = feature?.Endpoint;
        if (endpoint is null || isHandler || Recorder.HasNestedRecorders)
            BeEndpointFeature(feature);
        ReadRequest(endpoint);
        if (_isEndpointFeature)
            JoinOuter(isHandler);
        _method = _context.Request.Method;
        CountInProgress();
        CountLongLived();
        ObserveBodies();
        _revision = _context.Features.Revision;
    }

    // A request whose response or bodies cannot be observed is recorded without them.
    private void ObserveBodies()
    {
        try
        {
            if (Recorder.MayConnect(_method))
                AcceptedConnect.Watch(_context);
            if (Recorder.ReadsResponseStart || MayBecomeLongLived)
                WatchResponse();
            if (Recorder.ReadsBodies || Recorder.CountsBytes)
                _responseBody = ResponseBodyCapture.Start(_context, Recorder, () => Route);
            if (Recorder.CountsBytes)
                _requestBody = RequestBodyCount.Start(_context);
        }
#pragma warning disable CA1031, RCS1075 // Features of the app may throw anything.
        catch (Exception)
#pragma warning restore CA1031, RCS1075
        {
        }
    }

    private void ReadRequest(Endpoint? endpoint)
    {
        (_pathBase, _routedPath) = (_context.Request.PathBase, _context.Request.Path);
        (_endpoint, _path) = Reexecution.IsPossible(_context) && Reexecution.Of(_context) is { } first
            ? first
            : (endpoint, _routedPath.Value ?? "");
    }

    // Earlier tracked requests, now done, may be in place. They are replaced, and not kept inside. The feature of
    // another request keeps its endpoint.
    private void BeEndpointFeature(IEndpointFeature? feature)
    {
        var endpoint = feature?.Endpoint;
        while (feature is TrackedRequest earlier && (earlier._isDone || !earlier.IsOf(_context)))
            feature = earlier.IsOf(_context) ? earlier._inner : null;
        (_inner, _chosen) = (feature, feature is null ? endpoint : null);
        _context.Features[typeof(IEndpointFeature)] = this;
        _isEndpointFeature = true;
    }

    // Handlers around this one may have set something already. A middleware on the direct path finds a note only.
    private void JoinOuter(bool isHandler)
    {
        if ((Running(_inner, _context) ?? NoteOf(_context)) is { } outer)
        {
            (_template, _isIgnored) = (outer._template, outer._isIgnored);
            (_mount, _entered) = (outer._mount, outer._entered);
            _hasOuter = true;
            for (; outer is { IsNote: false }; outer = Running(outer._inner, _context))
                _countsLongLived &= !outer.Recorder.SharesLongLived(Recorder);
        }
        else if (isHandler && Recorder.IsWithinMiddleware)
        {
            _context.Features[typeof(TrackedRequest)] = this;
        }
    }

    private void End(Exception? exception)
    {
        Stop();
        try
        {
            ReadWhatIsLeft();
            Record(Recorder.OutcomeOf(_context, exception));
        }
#pragma warning disable CA1031 // The app's own exception propagates, whatever its context does.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Recorder.Log.RequestLost(e);
        }
    }

    // The app may have removed features, ours included. Its context stays as it is.
    private void ReadWhatIsLeft()
    {
        if (_context.Features.Revision == _revision)
            return;
        if (_isEndpointFeature && !IsKnown && EndpointRoutes.FeatureOf(_context) is { } feature and not TrackedRequest)
            (_endpoint, _route) = (feature.Endpoint, null);
        if (ReadableContext.InPlaceOf(_context) is not { } readable)
            return;

        // An error page outside may find the features restored, and run the request again.
        Recorder.MarkRecorded(_context);
        _context = readable;
    }

    private void Record(in RequestOutcome outcome)
    {
        if (OptOut.Has(_context))
            return;
        if (!_isEndpointFeature && _context.Features.Revision != _revision)
            TakeNoted();
        if (Recorder.CountsInProgress)
            InProgressGauges.Keep(_inProgress ?? InProgressOf(Route));
        if (IsPlain(outcome))
            Recorder.Record(_context, Route, _method, _started);
        else
            RecordObserved(outcome);
    }

    // The gauge that counted the request has the endpoint's label.
    private void TakeNoted()
    {
        var before = Route;
        _route = TakeNoted(_context, Recorder, before);
        if (!ReferenceEquals(_route, before))
            _inProgress = InProgressOf(_route);
    }

    private void RecordObserved(in RequestOutcome outcome)
    {
        var timestamps = Recorder.TimestampsSince(_started, _responseStarted == Never ? null : _responseStarted);
        var bodies = new BodySizeCounts(_requestBody?.Length, _responseBody?.CountFor(_context.Response, _method));
        _responseBody?.ShowTo(_context);
        Recorder.Record(_context, Route, _method, timestamps, outcome, bodies, _countsLongLived);
    }

    // Whether only the end of the request matters.
    private bool IsPlain(in RequestOutcome outcome) =>
        outcome.IsPlain && !Recorder.ReadsResponseStart
        && _responseBody is null && _requestBody is null && !Route.IsTracked && _countsLongLived;

    private void Stop()
    {
        Volatile.Write(ref _isDone, true);
        _inProgress?.Gauge.Decrement();
        _longLived?.Decrement();
        CloseResponse();
        RestoreBodies();
    }

    private void RestoreBodies()
    {
        try
        {
            _responseBody?.Stop();
            _requestBody?.Stop();
        }
#pragma warning disable CA1031, RCS1075 // Features of the app may throw anything. They are its own.
        catch (Exception)
#pragma warning restore CA1031, RCS1075
        {
        }
    }

    private InProgressGauge? InProgressOf(Route route) =>
        route.InProgressOf(_method, HttpContextReader.ExchangeOf(_context), _inProgress);

    // Runs within the app's routing, so it throws nothing of its own.
    private void Choose(Endpoint? endpoint)
    {
        if (endpoint is null || _isDone)
            return;
        try
        {
            ChooseUnlessErrorPage(endpoint);
        }
#pragma warning disable CA1031 // The app may have removed its request.
        catch (Exception)
#pragma warning restore CA1031
        {
            (_endpoint, _route) = (endpoint, null);
        }
    }

    // An error page's endpoint is not the request's.
    private void ChooseUnlessErrorPage(Endpoint endpoint)
    {
        if (Reexecution.Of(_context) is not null)
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

    // Until its handler is known, a request counts as one without a template. Then it moves.
    private void CountInProgress()
    {
        if (!Recorder.CountsInProgress)
            return;
        var before = _inProgress?.Gauge;
        _inProgress = InProgressOf(IsKnown ? Route : Recorder.Routes.WhileUnknown(_path));
        Move(before, _inProgress?.Gauge);
    }

    // Requests of endpoints marked as long-lived count from the start.
    private void CountLongLived()
    {
        if (!_countsLongLived)
            return;
        var before = _longLived;
        _longLived = IsKnown && Route.IsLongLived(_method) is true ? Route.LongLived?.Open : null;
        Move(before, _longLived);
    }

    // Increment before decrement: the request is in progress all the time.
    private static void Move(Gauge? from, Gauge? to)
    {
        to?.Increment();
        from?.Decrement();
    }

    // Outer middleware may have started the response already.
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
            if (!Volatile.Read(ref _isDone)
                && Recorder.IsLongLived(_context, _method)
                && Route.IsLongLived(_method) is null)
            {
                OpenResponse();
            }
        }
#pragma warning disable CA1031 // The gauge may be another library's, and the response waits for this.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Recorder.Log.RequestLost(e);
        }
        return Task.CompletedTask;
    }

    // The request may end on another thread in the meantime.
    private void OpenResponse()
    {
        Route.Learn(isLongLived: true);
        if (!_countsLongLived || Route.LongLived?.Open is not { } open)
            return;
        open.Increment();
        Interlocked.Exchange(ref _open, open);
        if (Volatile.Read(ref _isDone))
            CloseResponse();
    }

    private void CloseResponse() => Interlocked.Exchange(ref _open, null)?.Decrement();
}
