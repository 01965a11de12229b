using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator;

/// <summary>Observes whether the app accepts an extended CONNECT, as WebSockets over HTTP/2 are (RFC 8441). Any client
/// can send the method, and get a 200 that is a plain response.</summary>
/// <param name="connect">The server's feature.</param>
/// <param name="sockets">That of <c>UseWebSockets</c>, which may have taken the server's feature before; null for
/// none.</param>
internal sealed class AcceptedConnect(IHttpExtendedConnectFeature connect, IHttpWebSocketFeature? sockets)
    : IHttpExtendedConnectFeature, IHttpWebSocketFeature
{
    private bool _isAccepted;

    public bool IsExtendedConnect => connect.IsExtendedConnect;

    public string? Protocol => connect.Protocol;

    public bool IsWebSocketRequest => sockets!.IsWebSocketRequest;

    /// <summary>Whether a request with this method may be an extended CONNECT.</summary>
    public static bool IsPossible(string? method) => method?.Length == 7 && HttpMethods.IsConnect(method);

    /// <summary>Starts to observe a request if it is an extended CONNECT.</summary>
    public static void Watch(HttpContext context)
    {
        if (context.Feature<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true } connect
            || connect is AcceptedConnect)
        {
            return;
        }
        var sockets = context.Feature<IHttpWebSocketFeature>();
        var watch = new AcceptedConnect(connect, sockets);
        context.Features.Set<IHttpExtendedConnectFeature>(watch);
        if (sockets is not null)
            context.Features.Set<IHttpWebSocketFeature>(watch);
    }

    /// <summary>Whether the app has accepted a request that is observed.</summary>
    public static bool Has(HttpContext context) =>
        context.Feature<IHttpExtendedConnectFeature>() is AcceptedConnect { _isAccepted: true };

    // Before the response starts, which tells that it is long-lived.
    public ValueTask<Stream> AcceptAsync()
    {
        _isAccepted = true;
        return connect.AcceptAsync();
    }

    public Task<WebSocket> AcceptAsync(WebSocketAcceptContext context)
    {
        _isAccepted = true;
        return sockets!.AcceptAsync(context);
    }
}
