using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator.Benchmarks;

/// <summary>What a connection of Kestrel's keeps from request to request: the features, and the host's own context.</summary>
internal sealed class Connection<TContext> : FeatureCollection, IHostContextContainer<TContext>
    where TContext : notnull
{
    public Connection(Endpoint endpoint)
    {
        Set<IHttpRequestFeature>(new HttpRequestFeature { Method = HttpMethods.Get, Path = "/items/5", Protocol = "HTTP/1.1", Scheme = "http" });
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
