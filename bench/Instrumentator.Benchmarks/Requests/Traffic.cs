using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Instrumentator.Benchmarks;

/// <summary>Describes the requests of a row and the handler that answers them.</summary>
internal sealed record Traffic
{
    // A thread gets its stripe of a series after about 1,000 additions within a second. Two threads that begin together
    // get theirs one after the other.
    private const int RequestsUntilStriped = 2_100;

    /// <summary>Requests to one endpoint. The handler completes synchronously, and neither side has a
    /// <c>Content-Length</c>.</summary>
    public static Traffic Usual { get; } = new();

    /// <summary>The number of endpoints. Requests go to all of them in turn.</summary>
    public int Endpoints { get; init; } = 1;

    /// <summary>Whether request and response have a <c>Content-Length</c>.</summary>
    public bool HasLength { get; init; }

    /// <summary>The <c>Content-Type</c> of the response; null for none.</summary>
    public string? ContentType { get; init; }

    /// <summary>Whether the context is reset before each request, as a server does it.</summary>
    /// <remarks>Only handlers that set a status need that. It costs the same with the middleware and without.</remarks>
    public bool ResetsContext { get; init; }

    /// <summary>The handler behind the middleware.</summary>
    public RequestDelegate Handler { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Returns requests to one endpoint that are answered with status 200 and with another status in
    /// turns.</summary>
    public static Traffic Alternating(int status) => new() { Handler = Alternation.With(status), ResetsContext = true };

    /// <summary>Returns the side that sends these requests to an app. Each thread has one context for all its
    /// requests.</summary>
    public Side To(RequestDelegate app)
    {
        Endpoint[] endpoints = [.. Enumerable.Range(0, Endpoints).Select(NewEndpoint)];
        return new Side(() =>
            endpoints.Length > 1 ? Rotate(app, NewContext(), Shuffled(endpoints))
            : ResetsContext ? ResetAndRepeat(app, NewContext(endpoints))
            : Repeat(app, NewContext(endpoints)))
        { Lap = endpoints.Length };
    }

    /// <summary>Returns an endpoint as routing makes it, metadata included.</summary>
    public static Endpoint NewEndpoint(int number)
    {
        var pattern = RoutePatternFactory.Parse($"/shop{number}/items/{{id:int}}");
        return new RouteEndpointBuilder(static _ => Task.CompletedTask, pattern, order: 0).Build();
    }

    private static Work Repeat(RequestDelegate app, HttpContext context) => operations =>
    {
        for (var i = 0; i < operations; i++)
            Finish(app(context));
    };

    private static Work ResetAndRepeat(RequestDelegate app, DefaultHttpContext context)
    {
        var features = context.Features;
        return operations =>
        {
            for (var i = 0; i < operations; i++)
            {
                Reset(context, features);
                Finish(app(context));
            }
        };
    }

    // A host initializes the context for each request. Without that, the feature that the middleware sets after a
    // failure would invalidate the context's cached features, and the next request would pay for it.
    private static void Reset(DefaultHttpContext context, IFeatureCollection features)
    {
        context.Initialize(features);
        context.Response.StatusCode = StatusCodes.Status200OK;
    }

    private static Work Rotate(RequestDelegate app, HttpContext context, Endpoint[] endpoints)
    {
        context.SetEndpoint(endpoints[0]);
        var feature = context.Features.GetRequiredFeature<IEndpointFeature>();
        var (next, isStriped) = (0, false);
        return operations =>
        {
            // Stripes belong to a thread, so the thread that is measured makes them. It begins with a run-in, which is
            // not timed.
            if (!isStriped)
                MakeStripes();
            isStriped = true;
            for (var i = 0; i < operations; i++)
            {
                feature.Endpoint = endpoints[next];
                next = next + 1 < endpoints.Length ? next + 1 : 0;
                Finish(app(context));
            }
        };

        void MakeStripes()
        {
            foreach (var endpoint in endpoints)
            {
                feature.Endpoint = endpoint;
                for (var i = 0; i < RequestsUntilStriped; i++)
                    Finish(app(context));
            }
        }
    }

    private static void Finish(Task request)
    {
        if (request.IsCompletedSuccessfully)
            return;
        Turn.End();
        if (!request.IsCompletedSuccessfully)
            throw new InvalidOperationException("A request failed or did not complete.", request.Exception);
    }

    // Each thread has another order, and none is the order in memory.
    private static Endpoint[] Shuffled(Endpoint[] endpoints)
    {
        Endpoint[] shuffled = [.. endpoints];
        Random.Shared.Shuffle(shuffled);
        return shuffled;
    }

    private DefaultHttpContext NewContext(params ReadOnlySpan<Endpoint> endpoints)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = HttpMethods.Get;
        context.Request.Path = "/items/5";
        if (HasLength)
            (context.Request.ContentLength, context.Response.ContentLength) = (321, 4321);
        if (ContentType is not null)
            context.Response.ContentType = ContentType;
        if (endpoints is [var endpoint])
            context.SetEndpoint(endpoint);
        return context;
    }
}
