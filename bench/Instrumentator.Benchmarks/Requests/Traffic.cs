using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Instrumentator.Benchmarks;

/// <summary>The requests of one row: what they ask for, and what answers.</summary>
internal sealed record Traffic
{
    private const int FirstRequests = 300;

    /// <summary>Requests to one endpoint, which is done at once and says nothing of lengths.</summary>
    public static Traffic Usual { get; } = new();

    /// <summary>How many endpoints there are; requests go round over all of them.</summary>
    public int Endpoints { get; init; } = 1;

    /// <summary>How many more endpoints there are, to which requests came before, and come no more.</summary>
    public int Others { get; init; }

    /// <summary>Whether request and response have a <c>Content-Length</c>.</summary>
    public bool HasLength { get; init; }

    /// <summary>What the response says that it is; nothing when left out.</summary>
    public string? ContentType { get; init; }

    /// <summary>Makes the clock that measures; the system's when left out.</summary>
    public Func<TimeProvider>? Clock { get; init; }

    /// <summary>What stands behind the middleware.</summary>
    public RequestDelegate Handler { get; init; } = static _ => Task.CompletedTask;

    /// <summary>These requests, sent to an app: a context for each thread, which is used again and again.</summary>
    public Side To(RequestDelegate app)
    {
        Endpoint[] endpoints = [.. Enumerable.Range(0, Endpoints).Select(NewEndpoint)];
        Endpoint[] others = [.. Enumerable.Range(Endpoints, Others).Select(NewEndpoint)];
        return new Side(() =>
        {
            if (others.Length > 0)
                GoRound(app, NewContext(), others);
            return endpoints.Length > 1 ? GoRound(app, NewContext(), Shuffled(endpoints)) : Repeat(app, NewContext(endpoints));
        })
        { Lap = endpoints.Length };
    }

    private static Work Repeat(RequestDelegate app, HttpContext context) => operations =>
    {
        for (var i = 0; i < operations; i++)
            Finish(app(context));
    };

    private static Work GoRound(RequestDelegate app, HttpContext context, Endpoint[] endpoints)
    {
        context.SetEndpoint(endpoints[0]);
        var feature = context.Features.GetRequiredFeature<IEndpointFeature>();
        var next = 0;
        Work goRound = operations =>
        {
            for (var i = 0; i < operations; i++)
            {
                feature.Endpoint = endpoints[next];
                next = next + 1 < endpoints.Length ? next + 1 : 0;
                Finish(app(context));
            }
        };

        // The first ten responses of each are looked at closely, and a thread has cells of its own once a hundred came within a second.
        goRound(FirstRequests * endpoints.Length);
        return goRound;
    }

    private static void Finish(Task request)
    {
        if (request.IsCompletedSuccessfully)
            return;
        Turn.End();
        if (!request.IsCompletedSuccessfully)
            throw new InvalidOperationException("A request failed, or is not done.", request.Exception);
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

    // As routing makes them, metadata included.
    public static Endpoint NewEndpoint(int number) =>
        new RouteEndpointBuilder(static _ => Task.CompletedTask, RoutePatternFactory.Parse($"/shop{number}/items/{{id:int}}"), 0).Build();

    // Another order for each thread, and none in which they lie in memory.
    private static Endpoint[] Shuffled(Endpoint[] endpoints)
    {
        Endpoint[] shuffled = [.. endpoints];
        Random.Shared.Shuffle(shuffled);
        return shuffled;
    }
}
