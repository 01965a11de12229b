using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Instrumentator;

/// <summary>An instrumentation that runs in an ASP.NET Core app: finds the route of a request, reads the clock, and records.</summary>
internal sealed class RequestObserver
{
    private readonly Recorder _recorder;
    private readonly EndpointRoutes _routes;
    private readonly RejectedRoutes _rejected;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly LongLivedResponses? _longLived;
    private readonly bool _watchesAll;

    // Whether the endpoint is all that has to be known of a request before it runs.
    private readonly bool _isPlain;
    private readonly ConditionalWeakTable<Type, Type> _reportedLabels = [];
    private bool _hasLost;

    private bool CountsAborts => _recorder.Config.ClientAborts != ClientAborts.AsAnswered;

    /// <summary>Runs a recorder with the services of an app: its endpoints, its clock, its log.</summary>
    public RequestObserver(Recorder recorder, IServiceProvider services)
    {
        _recorder = recorder;
        _routes = new EndpointRoutes(recorder, ReportLabel);
        _rejected = new RejectedRoutes(services);
        _clock = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var loggers = services.GetService<ILoggerFactory>();
        _logger = loggers?.CreateLogger("Instrumentator") ?? NullLogger.Instance;
        OverflowLog.Watch(recorder.Registry, loggers);
        ReadsResponseStart = recorder.ReadsResponseStart;
        CountsInProgress = recorder.InProgress is not null;
        _watchesAll = CountsInProgress || ReadsResponseStart;
        _longLived = recorder.Config.LongLived is { } options ? new LongLivedResponses(options.ContentTypes) : null;
        CountsBytes = recorder.Config.BodySizes == BodySizes.Actual;
        _isPlain = !recorder.ReadsBodies && !CountsBytes && !recorder.Config.IncludePathBase;
    }

    /// <summary>Whether more than start and end is to be seen of a request whose endpoint is known.</summary>
    public bool WatchesMore(Route route) => _watchesAll || route.IsWatched;

    public bool ReadsResponseStart { get; }

    public bool ReadsBodies => _recorder.ReadsBodies;

    /// <summary>Whether the bytes of bodies are counted.</summary>
    public bool CountsBytes { get; }

    public int BodyLimit => _recorder.Config.BodyLimit;

    public bool CountsInProgress { get; }

    /// <summary>Checks the instrumentation and registers what is missing.</summary>
    public static RequestObserver Create(Instrumentation instrumentation, IServiceProvider services)
    {
        RequestObserver? observer = null;
        return observer = new RequestObserver(new Recorder(instrumentation, (function, failure) => observer?.ReportFailure(function, failure), services.GetService<TimeProvider>()), services);
    }

    /// <summary>Logs what went wrong with a metric function.</summary>
    public void ReportFailure(string function, FunctionFailure failure) => Log.MetricFunctionFailed(_logger, function, failure.What, failure.NotLogged, failure.Exception);

    /// <summary>Logs what stands before the middleware that measures, and what to do.</summary>
    public void ReportEarlier((string Middleware, string WayOut) earlier) => Log.MiddlewareBefore(_logger, earlier.Middleware, earlier.WayOut);

    public long Now() => _clock.GetTimestamp();

    /// <summary>The moments of a request that is done now.</summary>
    public Moments MomentsSince(long started, long? responseStarted) => new(started, responseStarted, Now(), _clock.TimestampFrequency);

    /// <summary>How a request ended by itself, which its client may not have waited for.</summary>
    /// <remarks>Asked only of requests that took their time, since to ask may allocate: who answers at once cannot have noticed.</remarks>
    public Ending EndingOfWait(HttpContext context)
    {
        try
        {
            return CountsAborts && !context.Response.HasStarted && context.RequestAborted.IsCancellationRequested ? Ending.Replaced(StatusLabel.Aborted) : default;
        }
#pragma warning disable CA1031 // A context that no server made may lack what is read here.
        catch (Exception)
#pragma warning restore CA1031
        {
            return default;
        }
    }

    /// <summary>How a request ended by an exception.</summary>
    public Ending EndingOf(HttpContext context, Exception exception)
    {
        try
        {
            return Ending.Of(context, exception, CountsAborts);
        }
#pragma warning disable CA1031 // The app's own exception goes on, whatever its context is.
        catch (Exception)
#pragma warning restore CA1031
        {
            return new Ending(StatusCodes.Status500InternalServerError, exception);
        }
    }

    /// <summary>Logs that a request could not be recorded: once, since it is a matter of how an app is made.</summary>
    public void ReportLoss(Exception exception)
    {
        if (!Interlocked.Exchange(ref _hasLost, true))
            Log.RequestLost(_logger, exception);
    }

    /// <summary>The route of a request that is as nearly all are: its endpoint has a template, and is all that has to be known before it runs. Null for any other. Never throws.</summary>
    public Route? FindPlain(HttpContext context)
    {
        try
        {
            return !_isPlain || HandlerTemplates.AreUsed || Reexecution.IsPossible(context) || HttpContextFacts.EndpointOf(context) is not { } endpoint ? null : _routes.Find(endpoint);
        }
#pragma warning disable CA1031 // An endpoint may be an app's own class. What it throws is told where all of it is read.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    /// <summary>The route of any request. Allocates where no route was matched.</summary>
    public Route FindRoute(HttpContext context, Endpoint? endpoint, PathString pathBase, PathString routedPath, string path)
    {
        if (endpoint is null)
            return _recorder.Untemplated(path);
        return _routes.Find(endpoint, pathBase)
            ?? (_recorder.Config.LabelRejected && RejectedRoutes.IsRejection(endpoint) && _rejected.Find(context, routedPath) is { } rejected ? _routes.Find(rejected, pathBase) : null)
            ?? _recorder.Untemplated(path);
    }

    /// <summary>The route that a request counts as in progress for, while it has no endpoint and may still get one.</summary>
    public Route RouteWhileUnknown(string path) => _recorder.RouteWhileUnknown(path);

    /// <summary>The route that tells whether the response of such a request is to be watched.</summary>
    public Route RouteToWatch(string path) => _recorder.RouteToWatch(path);

    /// <summary>The route of a template that a handler told.</summary>
    public Route FindRoute(string template, PathString pathBase) => _routes.Find(template, pathBase);

    /// <summary>Whether a response is that of a long-lived request, once its headers are known.</summary>
    public bool IsLongLived(HttpContext context) => _longLived?.Has(context) ?? false;

    /// <summary>Begins to watch a request, where <see cref="WatchesMore"/> says that there is more to see.</summary>
    public Watch Watch(HttpContext context, Route route, long started) => new(
        CountsInProgress ? route.InProgressOf(context.Request.Method, new Exchange(context, HttpContextReader.Instance)) : null,
        route.IsLongLived ? route.LongLived?.Open : null,
        WatchResponse(context, route, started));

    /// <summary>Begins to watch the response of a request; null where nobody asks when it begins.</summary>
    /// <param name="context">The request.</param>
    /// <param name="route">The route that tells whether to watch.</param>
    /// <param name="started">When it came in.</param>
    /// <param name="observation">Knows the route better when the response begins; null where the route is known.</param>
    public ResponseStart? WatchResponse(HttpContext context, Route route, long started, Observation? observation = null) =>
        ReadsResponseStart || route.IsWatched ? ResponseStart.Watch(context, this, started, (object?)observation ?? route) : null;

    /// <summary>Records a request that ended as it should, where nobody asks when its response began. Never throws.</summary>
    /// <param name="context">The request.</param>
    /// <param name="route">Its route.</param>
    /// <param name="started">When it came in.</param>
    public void Record(HttpContext context, Route route, long started)
    {
        try
        {
            var ended = Now();
            var (request, response) = (context.Request, context.Response);
            var (status, responseSize) = (response.StatusCode, response.ContentLength);
            var isLongLived = responseSize is null && IsLongLived(context);
            if (route.IsLearning || isLongLived)
                route.Learn(isLongLived, status);
            _recorder.Record(route, new RequestFacts(
                request.Method, status, started, ended, _clock.TimestampFrequency, ClaimedSize.Of(context), responseSize, isLongLived, new Exchange(context, HttpContextReader.Instance)));
            if (status >= StatusCodes.Status400BadRequest)
                Reexecution.MarkRecorded(context);
        }
#pragma warning disable CA1031 // A context that no server made may throw whenever it is read. Then there is nothing to record.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ReportLoss(e);
        }
    }

    /// <summary>Records a request that is done. Never throws.</summary>
    public void Record(HttpContext context, Route route, in Moments moments, in Ending ending, in BodyCounts bodies = default)
    {
        if (!route.IsMeasured)
            return;
        try
        {
            var facts = HttpContextFacts.Read(context, moments, ending, bodies, route.IsLongLived || Learn(context, route, ending));
            _recorder.Record(route, facts);
            if (facts.StatusCode >= StatusCodes.Status400BadRequest)
                Reexecution.MarkRecorded(context);
            if (_recorder.RunsAsync)
                RecordWhenSent(context, _recorder.InfoOf(route, facts));
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ReportLoss(e);
        }
    }

    private bool Learn(HttpContext context, Route route, in Ending ending)
    {
        // Who hung up before the first byte did not wait for less than a stream.
        var isLongLived = ending.Status is null or StatusLabel.Aborted && IsLongLived(context);
        route.Learn(isLongLived, ending.Status ?? context.Response.StatusCode);
        return isLongLived;
    }

    // Once for each type: endpoints may be made anew while the app runs.
    private void ReportLabel(IHandlerLabelMetadata metadata, Exception? exception)
    {
        if (!_reportedLabels.TryAdd(metadata.GetType(), metadata.GetType()))
            return;
        try
        {
            Log.HandlerLabelFailed(_logger, metadata.GetType(), exception);
        }
#pragma warning disable CA1031, RCS1075 // Nothing is left to tell that telling failed, and the request must not feel it.
        catch (Exception)
#pragma warning restore CA1031, RCS1075
        {
        }
    }

    // The response is on its way and waits for nobody; the context is good until the callback is done.
    private void RecordWhenSent(HttpContext context, Info info) => context.Response.OnCompleted(() => _recorder.RecordAsync(info));
}
