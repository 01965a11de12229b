using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator.Benchmarks;

/// <summary>Keeps what a Kestrel connection keeps between requests: the features, and the context of the
/// host.</summary>
internal sealed class Connection<TContext> : FeatureCollection, IHostContextContainer<TContext>
    where TContext : notnull
{
    public Connection(Endpoint endpoint)
    {
        Set<IHttpRequestFeature>(
            new HttpRequestFeature
            {
                Method = HttpMethods.Get,
                Path = "/items/5",
                Protocol = "HTTP/1.1",
                Scheme = "http",
            });
        Set<IHttpResponseFeature>(new HttpResponseFeature());
        Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        Set<IEndpointFeature>(new ChosenEndpoint { Endpoint = endpoint });
    }

    public TContext? HostContext { get; set; }

    private sealed class ChosenEndpoint : IEndpointFeature
    {
        public Endpoint? Endpoint { get; set; }
    }
}
