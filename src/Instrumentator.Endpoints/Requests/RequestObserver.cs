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
    private readonly EndpointCells _cells;
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
        _cells = new EndpointCells(recorder);
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
        FindsCells = _isPlain && !_watchesAll && recorder is { IsUsual: true, Listed: null };
    }

    /// <summary>Whether more than start and end is to be seen of a request whose endpoint is known.</summary>
    public bool WatchesMore(Route route) => _watchesAll || route.IsWatched;

    /// <summary>Whether the cells of a request may be all that has to be known of it before it runs.</summary>
    public bool FindsCells { get; }

    /// <summary>Whether cells are to be looked for by <see cref="BringFarCells"/> and <see cref="FindFarCells"/>, as there are very many.</summary>
    /// <remarks>Noted here, where each request can tell at once.</remarks>
    public bool AreCellsFar { get; private set; }

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

    /// <summary>The cells that a request is most likely recorded in, where they are known, and where nothing else has to be known of it before it runs. None for any other. Never throws. To be asked only where <see cref="FindsCells"/> says so.</summary>
    /// <remarks>By itself, since a compiler keeps nothing in registers that lives through a try.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public RememberedCells FindCells(HttpContext context)
    {
        try
        {
            if (HandlerTemplates.AreUsed || HttpContextFacts.EndpointOf(context) is not { } endpoint)
                return default;

            // The endpoint first: each step to it and to its cells needs the one before. The status is there meanwhile; an error page has one before anything ran.
            var cells = _cells.Find(endpoint, out _);
            return Reexecution.IsPossible(context) ? default : cells;
        }
#pragma warning disable CA1031 // A context that no server made may lack what is read here. That is told where all of it is read.
        catch (Exception)
#pragma warning restore CA1031
        {
            return default;
        }
    }

    /// <summary>Asks for the place where the cells of a request are looked for, so that it comes while the clock is read. Never throws.</summary>
    /// <returns>Its endpoint; null where there are no cells to look for.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Endpoint? BringFarCells(HttpContext context)
    {
        try
        {
            if (HandlerTemplates.AreUsed || HttpContextFacts.EndpointOf(context) is not { } endpoint)
                return null;
            _cells.Bring(endpoint);
            return endpoint;
        }
#pragma warning disable CA1031 // As above.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    /// <summary>The same as <see cref="FindCells"/>, of a request whose endpoint is known already. What own cells write to is asked for at once, and so need not be waited for as long.</summary>
    /// <param name="context">The request.</param>
    /// <param name="endpoint">Its endpoint.</param>
    /// <param name="address">The <see cref="OwnSeriesCells.Address"/> of own cells.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public RememberedCells FindFarCells(HttpContext context, Endpoint endpoint, out nint address)
    {
        address = 0;
        try
        {
            var cells = _cells.Find(endpoint, out address);
            if (address != 0)
                OwnSeries.Bring(address);
            return Reexecution.IsPossible(context) ? default : cells;
        }
#pragma warning disable CA1031 // As above.
        catch (Exception)
#pragma warning restore CA1031
        {
            return default;
        }
    }

    /// <summary>The route of a request that is as nearly all are: its endpoint has a template, and is all that has to be known before it runs. Null for any other. Never throws.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Route? FindPlain(HttpContext context)
    {
        try
        {
            if (!_isPlain || HandlerTemplates.AreUsed || HttpContextFacts.EndpointOf(context) is not { } endpoint || _routes.Find(endpoint) is not { } route || Reexecution.IsPossible(context))
                return null;
            if (FindsCells)
                Keep(endpoint, route);
            return route;
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

    /// <summary>What requests of a route are most likely recorded in by this thread.</summary>
    /// <remarks>It can be asked for before a request runs, when a processor has nothing else to do.</remarks>
    public Likely LikelyOf(Route route) => new(_recorder, route, route.Expected);

    /// <summary>Records a request that ended as it should, where nobody asks when its response began. Never throws.</summary>
    /// <param name="context">The request.</param>
    /// <param name="likely">What it is recorded in if it is like most; where that is one thread's, on that thread.</param>
    /// <param name="started">When it came in.</param>
    public void RecordLikely<TLikely>(HttpContext context, in TLikely likely, long started)
        where TLikely : struct, ILikely
    {
        try
        {
            var ended = Now();
            var (request, response) = (context.Request, context.Response);
            var (method, claimed) = (request.Method, request.ContentLength);

            // A division takes its time, and waits for the clock: not the first thing, which would keep the rest waiting, nor the last.
            var seconds = RequestFacts.Seconds(started, ended, _clock.TimestampFrequency);
            var status = response.StatusCode;
            var headers = response.Headers;
            var size = headers.ContentLength;
            var isLikely = likely.Are(method, status) && (ulong)claimed.GetValueOrDefault() <= ClaimedSize.Usual && (size is null ? !IsStream(headers) : size >= 0);
            if (!isLikely)
                RecordUnlikely(context, likely, started, ended);
            else if (!likely.TryRecord(seconds, claimed.GetValueOrDefault(), size.GetValueOrDefault(), ended, _clock))
                RecordOther(context, likely.Labels!, status, seconds, claimed.GetValueOrDefault(), size.GetValueOrDefault(), ended);
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RecordOther(HttpContext context, RequestLabels labels, int status, double seconds, long requestSize, long responseSize, long ended)
    {
        if (labels is LabelsInUse shared)
            shared.Use(ended, _clock.TimestampFrequency);
        _recorder.RecordPlain(labels, status, seconds, requestSize, responseSize, context, HttpContextReader.Instance);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RecordUnlikely<TLikely>(HttpContext context, TLikely likely, long started, long ended)
        where TLikely : struct, ILikely
    {
        RecordSlow(context, likely.Route, started, ended);

        // The next one may be like this one. The endpoint may have been changed meanwhile.
        if (likely.MayChange && HttpContextFacts.EndpointOf(context) is { } endpoint && ReferenceEquals(_routes.Find(endpoint), likely.Route))
            Keep(endpoint, likely.Route);
    }

    private void Keep(Endpoint endpoint, Route route)
    {
        _cells.Keep(endpoint, route);
        AreCellsFar = _cells.AreFar;
    }

    private void RecordSlow(HttpContext context, Route route, long started, long ended)
    {
        var (request, response) = (context.Request, context.Response);
        var isLongLived = IsLongLived(context);
        route.Learn(isLongLived, response.StatusCode);
        _recorder.Record(route, new RequestFacts(
            request.Method, response.StatusCode, started, ended, _clock.TimestampFrequency, ClaimedSize.Of(context), response.ContentLength, isLongLived,
            new Exchange(context, HttpContextReader.Instance)));
    }

    private bool IsStream(IHeaderDictionary headers) => _longLived is { } longLived && longLived.IsStream(headers.ContentType);

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
