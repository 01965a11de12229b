using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator.Benchmarks;

/// <summary>An app of very many handlers with the default metrics, to which requests are sent without a
/// network.</summary>
internal sealed class ManyHandlers
{
    private readonly Endpoint[] _endpoints;
    private readonly RequestDelegate _app;
    private readonly DefaultHttpContext _context = new();
    private readonly IFeatureCollection _features;

    public ManyHandlers(int count)
    {
        _endpoints = [.. Enumerable.Range(0, count).Select(Traffic.NewEndpoint)];
        _app = App.Build(static _ => Task.CompletedTask, app => app.UseInstrumentator(Instrumentation));
        _context.Request.Method = HttpMethods.Get;
        _context.Request.Path = "/items/5";
        _features = _context.Features;
    }

    public int Count => _endpoints.Length;

    public Instrumentation Instrumentation { get; } = Instrumentation.Default.WithRegistry(new Registry());

    /// <summary>Sends a request to each of the first handlers; every fiftieth answers with status 500.</summary>
    public void RequestAll(int handlers)
    {
        for (var i = 0; i < handlers; i++)
        {
            _context.Initialize(_features);
            _context.SetEndpoint(_endpoints[i]);
            _context.Response.StatusCode = i % 50 == 0 ? 500 : 200;
            if (!_app(_context).IsCompletedSuccessfully)
                throw new InvalidOperationException("A request failed or did not complete.");
        }
    }
}
