using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator;

/// <summary>One request while it runs, where more is to be seen than its start and its end.</summary>
/// <remarks>
/// <para>Where routing comes later, this takes the place of the endpoint feature, so that it sees the endpoint that is chosen and
/// keeps it when an error page chooses another.</para>
/// <para>One thread at a time writes to it, as to its request.</para>
/// </remarks>
internal sealed class Observation : IEndpointFeature
{
    private readonly HttpContext _context;
    private readonly RequestObserver _observer;
    private readonly string _path;
    private readonly long _started;
    private IEndpointFeature? _endpointFeature;
    private Endpoint? _shownEndpoint;
    private Endpoint? _endpoint;
    private PathString _pathBase;
    private Route? _route;
    private Gauge? _inProgress;
    private long? _responseStarted;
    private ResponseBodyCapture? _body;

    private Observation(HttpContext context, RequestObserver observer)
    {
        (_context, _observer) = (context, observer);
        _started = observer.Now();
        _pathBase = context.Request.PathBase;
        (_endpoint, _path) = Reexecution.Of(context) ?? (context.GetEndpoint(), context.Request.Path.Value ?? "");
    }

    Endpoint? IEndpointFeature.Endpoint
    {
        get => _endpointFeature is null ? _shownEndpoint : _endpointFeature.Endpoint;
        set => Show(value);
    }

    /// <summary>The route as far as it is known by now.</summary>
    private Route Route => _route ??= _observer.FindRoute(_context, _endpoint, _pathBase, _path);

    public static Observation Begin(HttpContext context, RequestObserver observer)
    {
        var observation = new Observation(context, observer);
        if (observation._endpoint is null)
            observation.WatchEndpoint();
        if (observer.CountsInProgress)
            observation.CountInProgress();
        if (observer.ReadsResponseStart)
            context.Response.OnStarting(static state => ((Observation)state).NoteResponseStart(), observation);
        if (observer.ReadsBodies)
            observation._body = ResponseBodyCapture.Start(context, observer.BodyLimit, () => observation.Route);
        return observation;
    }

    /// <summary>Sends what the app left in the writer of a body that is looked at.</summary>
    public ValueTask FlushBodyAsync() => _body?.FlushAsync() ?? default;

    /// <summary>Records the request. Never throws.</summary>
    public void End(Exception? exception)
    {
        StopWatching();
        _body?.Stop();
        _inProgress?.Decrement();
        _observer.Record(_context, Route, _started, _responseStarted, _body is { IsKept: true } ? _body : null, exception);
    }

    private void WatchEndpoint()
    {
        _endpointFeature = _context.Features.Get<IEndpointFeature>();
        _context.Features.Set<IEndpointFeature>(this);
    }

    // Who looks at the endpoint afterwards, the server's own metrics for one, finds it as if this had not been here.
    private void StopWatching()
    {
        if (!ReferenceEquals(_context.Features.Get<IEndpointFeature>(), this))
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
        if (endpoint is null || Reexecution.Of(_context) is not null)
            return;
        (_endpoint, _pathBase, _route) = (endpoint, _context.Request.PathBase, null);
        if (_observer.CountsInProgress)
            CountInProgress();
    }

    // A request whose endpoint is not known yet counts as one without a template, and moves when it is.
    private void CountInProgress()
    {
        _inProgress?.Decrement();
        _inProgress = Route.InProgressOf(_context.Request.Method);
        _inProgress?.Increment();
    }

    private Task NoteResponseStart()
    {
        _responseStarted ??= _observer.Now();
        return Task.CompletedTask;
    }
}
