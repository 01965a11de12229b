using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator;

/// <summary>Takes the place of a request's endpoint feature, and tells an <see cref="Observation"/> which endpoint is chosen.</summary>
/// <remarks>One for each request and never used again: an app may keep the feature it got for as long as it likes.</remarks>
internal sealed class EndpointWatcher : IEndpointFeature
{
    private readonly HttpContext _context;
    private readonly IEndpointFeature? _inner;
    private Observation? _observation;
    private Endpoint? _endpoint;

    private EndpointWatcher(HttpContext context, IEndpointFeature? inner, Observation observation) =>
        (_context, _inner, _observation) = (context, inner, observation);

    public Endpoint? Endpoint
    {
        get => _inner is null ? _endpoint : _inner.Endpoint;
        set
        {
            if (_inner is null)
                _endpoint = value;
            else
                _inner.Endpoint = value;
            _observation?.Show(value);
        }
    }

    public static EndpointWatcher Start(HttpContext context, Observation observation)
    {
        var watcher = new EndpointWatcher(context, context.Features[typeof(IEndpointFeature)] as IEndpointFeature, observation);
        context.Features[typeof(IEndpointFeature)] = watcher;
        return watcher;
    }

    /// <summary>Gives the place back. Who looks at the endpoint afterwards, the server's own metrics for one, finds it as if this had not been here.</summary>
    public void Stop()
    {
        _observation = null;
        if (!ReferenceEquals(_context.Features[typeof(IEndpointFeature)], this))
            return;
        _context.Features[typeof(IEndpointFeature)] = _inner;
        if (_inner is null)
            _context.SetEndpoint(_endpoint);
    }
}
