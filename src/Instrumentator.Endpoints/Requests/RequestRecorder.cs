using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Instrumentator.Adapters;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator;

/// <summary>An instrumentation that runs in an ASP.NET Core app: decides how to observe a request, reads the clock, and
/// records.</summary>
internal sealed class RequestRecorder
{
    private readonly Recorder _recorder;
    private readonly Registry _registry;
    private readonly EndpointRoutes _endpoints;
    private readonly TimeProvider _clock;
    private readonly LongLivedResponses? _longLived;
    private readonly bool _tracksAll;
    private readonly bool _isBehindUnknown;
    private readonly RecordedMark _mark;
    private readonly InstrumentationMonitor? _monitor;
    private readonly IServiceScopeFactory? _scopes;

    /// <summary>Creates a recorder that uses an app's services: its endpoints, its clock, its log.</summary>
    /// <param name="recorder">The rules.</param>
    /// <param name="services">The app's services.</param>
    /// <param name="isBehindUnknown">Whether middleware that is not the framework's may precede this recorder: it may
    /// change a status code or run requests again.</param>
    /// <param name="monitor">The source of the rules if they may change while the app runs.</param>
    public RequestRecorder(
        Recorder recorder, IServiceProvider services, bool isBehindUnknown, InstrumentationMonitor? monitor = null)
    {
        (_recorder, _registry, _monitor, _mark) = (recorder, recorder.Registry, monitor, new RecordedMark(this));
        _isBehindUnknown = isBehindUnknown;
        IsWithinMiddleware = AppInstrumentation.Of(services).HasMiddleware;
        Log = new InstrumentationLog(recorder.Registry, services);
        Routes = new RouteFinder(recorder, services, Log.HandlerLabelFailed);
        _endpoints = Routes.Endpoints;
        _scopes = services.GetService<IServiceScopeFactory>();
        _clock = AppClock.Of(services);
        _longLived = recorder.Config.LongLived is { } options ? new LongLivedResponses(options.ContentTypes) : null;
        CountsBytes = recorder.Config.BodySizes == BodySizes.Actual;
        _tracksAll = CountsInProgress || ReadsResponseStart || ReadsBodies || CountsBytes
            || recorder.Config.IncludePathBase;
    }

    public RouteFinder Routes { get; }

    public InstrumentationLog Log { get; }

    /// <summary>Whether the app has a middleware, which may record the requests of a handler as well.</summary>
    public bool IsWithinMiddleware { get; }

    /// <summary>Whether a request may pass an inner recorder, which must detect that it is tracked.</summary>
    public bool HasNestedRecorders => _registry.HasNestedRecorders;

    public bool CountsInProgress => _recorder.InProgress is not null;

    /// <summary>Whether any metric reads when a response started.</summary>
    public bool ReadsResponseStart => _recorder.ReadsResponseStart;

    /// <summary>Whether responses may turn out to be long-lived.</summary>
    public bool LearnsLongLived => _longLived is not null;

    public bool ReadsBodies => _recorder.ReadsBodies;

    /// <summary>Whether the bytes of bodies are counted.</summary>
    public bool CountsBytes { get; }

    public int BodyLimit => _recorder.Config.BodyLimit;

    private bool CountsAborts => _recorder.Config.ClientAborts != ClientAborts.AsAnswered;

    /// <summary>Validates the instrumentation and registers its missing families.</summary>
    /// <exception cref="InvalidConfigException">Values are invalid; the exception lists all errors.</exception>
    /// <exception cref="InvalidOperationException">A metric's name is taken by another definition.</exception>
    public static RequestRecorder Create(
        Instrumentation instrumentation,
        IServiceProvider services,
        bool isBehindUnknown,
        InstrumentationMonitor? monitor = null)
    {
        RequestRecorder? created = null;
        var recorder = new Recorder(
            instrumentation,
            (function, failure) => created?.Log.FunctionFailed(function, failure),
            AppClock.Of(services));
        return created = new RequestRecorder(recorder, services, isBehindUnknown, monitor);
    }

    /// <summary>Whether only one of the two may record a request: they have the same source, or record in the same
    /// metrics.</summary>
    public bool IsSameAs(RequestRecorder other) =>
        ReferenceEquals(this, other)
        || (_monitor is not null && ReferenceEquals(_monitor, other._monitor))
        || _recorder.SharesMetrics(other._recorder);

    /// <summary>Whether both record long-lived requests in the same families.</summary>
    public bool SharesLongLived(RequestRecorder other) => _recorder.SharesLongLived(other._recorder);

    /// <summary>Returns the initial series of each counter of requests whose labels are known in advance.</summary>
    public InitialSeries[] InitialSeries() => _recorder.InitialSeries();

    /// <summary>Makes all requests tracked: they may pass another recorder.</summary>
    public void TrackAll() => _registry.HasNestedRecorders = true;

    public long Now() => _clock.GetTimestamp();

    /// <summary>Returns the timestamps of a request that ends now.</summary>
    public RequestTimestamps TimestampsSince(long started, long? responseStarted) =>
        new(started, responseStarted, Now(), _clock.TimestampFrequency);

    /// <summary>Finds the start of a request that need not be tracked: its endpoint is known, and nothing needs
    /// observing before it ends. Never throws.</summary>
    /// <param name="context">The request.</param>
    /// <param name="started">When it started.</param>
    /// <returns>The request; null when it must be tracked.</returns>
    public DirectRequest? FindDirect(HttpContext context, long started)
    {
        try
        {
            if (_tracksAll || HasNestedRecorders || Reexecution.IsPossible(context)
                || (_isBehindUnknown && Reexecution.IsMarked(context, this)))
            {
                return null;
            }
            var revision = context.Features.Revision;
            var route = EndpointRoutes.EndpointOf(context) is { } endpoint ? _endpoints.Find(endpoint) : null;
            var method = context.Request.Method;
            return route is { IsTracked: false } && !MayConnect(method) ? new(route, method, started, revision) : null;
        }
#pragma warning disable CA1031 // A context that no server created, or an app's endpoint, may throw. TryTrack logs that.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    /// <summary>Starts to track a request. Never throws.</summary>
    /// <param name="context">The request.</param>
    /// <param name="started">When it started.</param>
    /// <param name="isHandler">Whether a handler is tracked: routing is done by then, and further handlers report their
    /// templates.</param>
    /// <returns>The tracked request; null when the same instrumentation records it already, in an outer recorder or
    /// before an error page, and when its context cannot be read.</returns>
    public TrackedRequest? TryTrack(HttpContext context, long started, bool isHandler = false)
    {
        try
        {
            var feature = EndpointRoutes.FeatureOf(context);
            return TrackedRequest.IsTracked(context, feature, this) || IsRecorded(context)
                ? null
                : TrackedRequest.Begin(context, this, started, feature, isHandler);
        }
#pragma warning disable CA1031 // A context that no server created may throw. Reading it must not affect the app.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.RequestLost(e);
            return null;
        }
    }

    /// <summary>Records a request that completed without an exception and was observed only at its end. Never
    /// throws.</summary>
    /// <param name="context">The request.</param>
    /// <param name="route">Its route.</param>
    /// <param name="method">Its method when it started.</param>
    /// <param name="started">When it started.</param>
    public void Record(HttpContext context, Route route, string? method, long started)
    {
        try
        {
            RecordPlain(context, route, method, started);
        }
#pragma warning disable CA1031 // The app may have removed features, and a context that no server created may throw.
        catch (Exception)
#pragma warning restore CA1031
        {
            Record(context, route, method, TimestampsSince(started, null), default, default);
        }
    }

    /// <summary>Records an untracked request that completed without an exception. Never throws.</summary>
    /// <inheritdoc cref="RecordFailure"/>
    public void RecordDirect(HttpContext context, in DirectRequest request)
    {
        if (OutcomeOf(context) is { IsPlain: false } outcome)
            Record(context, request, outcome);
        else
            Record(context, RouteOf(context, request), request.Method, request.Started);
    }

    /// <summary>Records an untracked request that failed with an exception. Never throws.</summary>
    /// <param name="context">The request.</param>
    /// <param name="request">What was known when it started.</param>
    /// <param name="exception">The exception that left the app.</param>
    public void RecordFailure(HttpContext context, in DirectRequest request, Exception exception) =>
        Record(context, request, OutcomeOf(context, exception));

    /// <summary>Records a completed request. Never throws.</summary>
    /// <param name="context">The request.</param>
    /// <param name="route">Its route.</param>
    /// <param name="method">Its method when it started.</param>
    /// <param name="timestamps">When it started, its response started, and it ended.</param>
    /// <param name="outcome">What the response does not show.</param>
    /// <param name="bodies">The counted sizes of its bodies.</param>
    /// <param name="countsLongLived">Whether to observe its duration if it is long-lived; false when an outer recorder
    /// does, in the same family.</param>
    /// <param name="sent">The callback of asynchronous functions; null if it is not registered yet.</param>
    public void Record(
        HttpContext context,
        Route route,
        string? method,
        in RequestTimestamps timestamps,
        in RequestOutcome outcome,
        in BodySizeCounts bodies,
        bool countsLongLived = true,
        SentRequest? sent = null)
    {
        try
        {
            if (!route.IsMeasured)
            {
                LeaveUnmeasured(context, outcome);
                return;
            }
            if (outcome.IsOpen)
            {
                RecordWhenAnswered(context, route, method, timestamps, outcome, bodies, countsLongLived);
                return;
            }
            var isLongLived = WasLongLived(context, route, method, outcome);
            var facts = HttpContextFacts.Read(context, method, timestamps, outcome, bodies, isLongLived);
            if (facts.StatusCode >= StatusCodes.Status400BadRequest)
                MarkRecorded(context);
            if ((sent ?? WatchSent(context)) is { } watched)
                watched.Info = _recorder.InfoOf(route, facts);

            // Last, since it never throws: what threw before has recorded nothing.
            _recorder.Record(route, facts, countsLongLived);
        }
#pragma warning disable CA1031 // The app may have removed features, and a context that no server created may throw.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (ReadableContext.InPlaceOf(context) is { } readable)
                Record(readable, route, method, timestamps, outcome, bodies, countsLongLived, sent);
            else
                Log.RequestLost(e);
        }
    }

    /// <summary>Marks a request as recorded, so that an error page outside does not record it again.</summary>
    public void MarkRecorded(HttpContext context) => Reexecution.MarkRecorded(context, _mark);

    /// <summary>Whether a request with a method may become a tunnel, such as a WebSocket over HTTP/2, if the app
    /// accepts it.</summary>
    public bool MayConnect(string? method) => LearnsLongLived && AcceptedConnect.IsPossible(method);

    /// <summary>Whether a response with known headers is that of a long-lived request.</summary>
    public bool IsLongLived(HttpContext context, string? method)
    {
        var response = context.Response;
        return response.ContentLength is null
            && IsLongLived(context, method, response.StatusCode, response.Headers);
    }

    /// <summary>Returns the outcome of a request that ended. Never throws.</summary>
    /// <param name="context">The request.</param>
    /// <param name="exception">The exception that left the app; null if there was none.</param>
    public RequestOutcome OutcomeOf(HttpContext context, Exception? exception = null)
    {
        try
        {
            return RequestOutcome.Of(context, exception, CountsAborts, _isBehindUnknown);
        }
#pragma warning disable CA1031 // The app's own exception propagates, whatever its context does.
        catch (Exception)
#pragma warning restore CA1031
        {
            return ReadableContext.InPlaceOf(context) is { } readable ? OutcomeOf(readable, exception)
                : exception is null ? default
                : new(StatusCodes.Status500InternalServerError, exception);
        }
    }

    private void Record(HttpContext context, in DirectRequest request, in RequestOutcome outcome)
    {
        var route = RouteOf(context, request);
        Record(context, route, request.Method, TimestampsSince(request.Started, null), outcome, default);
    }

    // Not inlined into a method with a try block, which keeps locals in memory instead of registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RecordPlain(HttpContext context, Route route, string? method, long started)
    {
        var (ended, ticksPerSecond) = (Now(), _clock.TimestampFrequency);
        var response = context.Response;
        var requestSize = context.Request.ContentLength ?? 0;
        var (status, headers) = (response.StatusCode, response.Headers);
        var responseSize = headers.ContentLength;
        var isPlain = requestSize is >= 0 and <= RequestContentLength.Believed
            && (responseSize >= 0 || responseSize is null && !MayBeLongLived(context, route, method, status, headers));
        if (status >= StatusCodes.Status400BadRequest)
            MarkRecorded(context);
        if (isPlain && route.FindSeries(method, status) is { } series)
            series.Record(RequestFacts.Seconds(started, ended, ticksPerSecond), requestSize, responseSize ?? 0);
        else
            Record(context, route, method, new(started, null, ended, ticksPerSecond), default, default);
    }

    // Its error page is not measured, either.
    private void LeaveUnmeasured(HttpContext context, in RequestOutcome outcome)
    {
        if (!outcome.IsPlain || context.Response.StatusCode >= StatusCodes.Status400BadRequest)
            MarkRecorded(context);
    }

    // An error page in between must not record the request first. Of its answer, only the status code counts.
    private void RecordWhenAnswered(
        HttpContext context,
        Route route,
        string? method,
        RequestTimestamps timestamps,
        RequestOutcome outcome,
        BodySizeCounts bodies,
        bool countsLongLived)
    {
        MarkRecorded(context);
        var sent = WatchSent(context);
        var sizes = bodies with { Response = bodies.Response ?? context.Response.ContentLength ?? 0 };
        UnansweredRequest.Record(
            context,
            outcome,
            () => OutcomeOf(context, outcome.Exception),
            final => Record(context, route, method, timestamps, final, sizes, countsLongLived, sent));
    }

    // Unknown middleware may run a request again with any status code.
    private bool IsRecorded(HttpContext context) =>
        (_isBehindUnknown || Reexecution.IsPossible(context)) && Reexecution.IsMarked(context, this);

    private bool IsLongLived(HttpContext context, string? method, int status, IHeaderDictionary headers) =>
        _longLived is not null && _longLived.Has(context, method, status, headers);

    // Only the content type tells, so far.
    private bool MayBeLongLived(
        HttpContext context, Route route, string? method, int status, IHeaderDictionary headers) =>
        route.Lifetime != Lifetime.Short && IsLongLived(context, method, status, headers);

    // The app may have opted the request out. Endpoints may contain handlers with templates, too: such a handler sets a
    // feature.
    private Route RouteOf(HttpContext context, in DirectRequest request)
    {
        var route = request.Route;
        try
        {
            if (OptOut.Has(context))
                return Route.Unmeasured;
            return context.Features.Revision == request.Revision
                ? route
                : TrackedRequest.TakeNoted(context, this, route);
        }
#pragma warning disable CA1031 // A context that no server created may throw.
        catch (Exception)
#pragma warning restore CA1031
        {
            return route;
        }
    }

    private bool WasLongLived(HttpContext context, Route route, string? method, in RequestOutcome outcome) =>
        route.IsLongLived(method) is { } isLongLived
            ? isLongLived && (route.Lifetime == Lifetime.Long || !IsRefusal(context, outcome))
            : Learn(context, route, method, outcome);

    // A client that hung up was waiting, whatever its status is.
    private static bool IsRefusal(HttpContext context, in RequestOutcome outcome) =>
        (outcome.Status ?? context.Response.StatusCode) >= StatusCodes.Status400BadRequest
        && !context.RequestAborted.IsCancellationRequested;

    private bool Learn(HttpContext context, Route route, string? method, in RequestOutcome outcome)
    {
        var isLongLived = outcome.Status is null or StatusLabel.Aborted
            && IsLongLived(context, method)
            && HasOpened(context, method);
        route.Learn(isLongLived, outcome.Status ?? context.Response.StatusCode);
        return isLongLived;
    }

    // A stream that did not start ended without a body. A client that hung up before the first byte was waiting for a
    // stream all the same.
    private static bool HasOpened(HttpContext context, string? method) =>
        context.Response.HasStarted
        || LongLivedResponses.IsConnection(context, method, context.Response.StatusCode)
        || context.RequestAborted.IsCancellationRequested;

    private SentRequest? WatchSent(HttpContext context) =>
        _recorder.RunsAsync ? SentRequest.Watch(context, _recorder, _scopes) : null;
}

/// <summary>A request on the direct path, as it started.</summary>
/// <param name="Route">The route of its endpoint.</param>
/// <param name="Method">Its method, which middleware may change for the rest of the app.</param>
/// <param name="Started">When it started.</param>
/// <param name="Revision">The revision of its features, which later shows whether a handler left a note.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DirectRequest(Route Route, string? Method, long Started, int Revision);
