using System.Diagnostics.CodeAnalysis;
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

    /// <summary>Runs a recorder with the services of an app: its endpoints, its clock, its log.</summary>
    public RequestObserver(Recorder recorder, IServiceProvider services)
    {
        _recorder = recorder;
        _routes = new EndpointRoutes(recorder);
        _rejected = new RejectedRoutes(services);
        _clock = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var loggers = services.GetService<ILoggerFactory>();
        _logger = loggers?.CreateLogger("Instrumentator") ?? NullLogger.Instance;
        OverflowLog.Watch(recorder.Registry, loggers);
        ReadsResponseStart = recorder.ReadsResponseStart;
        CountsInProgress = recorder.InProgress is not null;
        IsPlain = !recorder.ReadsBodies && !recorder.Config.IncludePathBase;
    }

    /// <summary>Whether the endpoint is all that has to be known of a request before it runs.</summary>
    public bool IsPlain { get; }

    /// <summary>Whether more than start and end is to be seen of a request whose endpoint is known.</summary>
    public bool WatchesMore => CountsInProgress || ReadsResponseStart;

    public bool ReadsResponseStart { get; }

    public bool ReadsBodies => _recorder.ReadsBodies;

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

    public long Now() => _clock.GetTimestamp();

    /// <summary>The route of an endpoint with a template: what nearly every request needs.</summary>
    public bool TryFindRoute(Endpoint? endpoint, [NotNullWhen(true)] out Route? route)
    {
        route = endpoint is null ? null : _routes.Find(endpoint);
        return route is not null;
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

    /// <summary>The route of a template that a handler told.</summary>
    public Route FindRoute(string template, PathString pathBase) => _routes.Find(template, pathBase);

    /// <summary>Begins to watch a request, where <see cref="WatchesMore"/> says that there is more to see.</summary>
    public Watch Watch(HttpContext context, Route route, long started) => new(
        CountsInProgress ? route.InProgressOf(context.Request.Method) : null,
        ReadsResponseStart ? ResponseStart.Watch(context, this, started) : null);

    /// <summary>Records a request that ended as it should, where nobody asks when its response began. Never throws.</summary>
    /// <param name="context">The request.</param>
    /// <param name="route">Its route.</param>
    /// <param name="started">When it came in.</param>
    /// <param name="expected">The labels that it gets if it is like most, as this thread writes to them; null when they are not known.</param>
    public void RecordPlain(HttpContext context, Route route, long started, RequestLabels? expected)
    {
        var ended = Now();

        // A division takes its time: begun here, it is done by the time that the rest is there.
        var frequency = _clock.TimestampFrequency;
        var duration = DurationRule.Apply(RequestFacts.Seconds(started, ended, frequency), _recorder.Config);
        var (request, response) = (context.Request, context.Response);
        var (method, status) = (request.Method, response.StatusCode);
        var exchange = new Exchange(context, HttpContextReader.Instance);
        if (expected is not null && route.IsUsual(method, status))
            _recorder.Record(new Info(expected, status, duration, request.ContentLength, response.ContentLength, exchange), expected);
        else
            _recorder.Record(route, new RequestFacts(method, status, started, ended, frequency, request.ContentLength, response.ContentLength, exchange));
        if (status >= StatusCodes.Status400BadRequest)
            Reexecution.MarkRecorded(context);
    }

    /// <summary>Records a request that is done. Never throws.</summary>
    public void Record(HttpContext context, Route route, long started, long? responseStarted = null, ResponseBodyCapture? body = null, Exception? exception = null)
    {
        if (!route.IsMeasured)
            return;
        var moments = new Moments(started, responseStarted, Now(), _clock.TimestampFrequency);
        var facts = HttpContextFacts.Read(context, moments, body, exception);
        _recorder.Record(route, facts);
        if (facts.StatusCode >= StatusCodes.Status400BadRequest)
            Reexecution.MarkRecorded(context);
        if (_recorder.RunsAsync)
            RecordWhenSent(context, _recorder.InfoOf(route, facts));
    }

    // The response is on its way and waits for nobody; the context is good until the callback is done.
    private void RecordWhenSent(HttpContext context, Info info) => context.Response.OnCompleted(() => _recorder.RecordAsync(info));
}
