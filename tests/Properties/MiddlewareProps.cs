using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Instrumentator.Properties;

/// <summary>Requests with any outcome, in any interleaving, through the middleware: each is recorded once, and none
/// stays in progress.</summary>
public class MiddlewareProps
{
    private static readonly Endpoint[] _endpoints =
        [EndpointOf("/a/{id:int}"), EndpointOf("/b"), EndpointOf("/hidden")];

    /// <summary>A request and its outcome.</summary>
    /// <param name="Endpoint">The index of its endpoint; no endpoint if past the end of the list.</param>
    /// <param name="RoutedLater">Whether the endpoint is chosen inside the middleware, not before it.</param>
    /// <param name="Status">The status code of the response.</param>
    /// <param name="Throws">Whether the handler throws at its end.</param>
    /// <param name="Turns">The number of times that the handler yields before it ends.</param>
    /// <param name="Streams">Whether the response is an event stream.</param>
    /// <param name="Begins">The turn in which the response starts; past the last turn, it starts after the middleware
    /// has finished.</param>
    public sealed record Request(
        int Endpoint, bool RoutedLater, int Status, bool Throws, int Turns, bool Streams, int Begins)
    {
        public bool HasBegun => Begins < Turns;

        // A response that has not started when the middleware has finished has no body, and neither has a 204.
        public bool IsLongLived => Streams && HasBegun && Status != 204;

        public Endpoint? Chosen => Endpoint < _endpoints.Length ? _endpoints[Endpoint] : null;

        public string? Label =>
            (Chosen?.DisplayName ?? "none", Throws && !HasBegun ? "5xx" : StatusLabel.Of(Status, Config.Default))
                is var (handler, status)
            && handler != "/hidden" ? $"{handler} {status}" : null;
    }

    private static Gen<Request> Requests =>
        from endpoint in Gen.Choose(0, _endpoints.Length)
        from later in Gen.Elements(true, false)
        from status in Gen.Elements(200, 204, 302, 404, 499, 500)
        from throws in Gen.Elements(true, false, false)
        from turns in Gen.Choose(0, 4)
        from streams in Gen.Elements(true, false, false)
        from begins in Gen.Choose(0, 5)
        select new Request(endpoint, later, status, throws, turns, streams, begins);

    [Property]
    public Property Each_request_is_recorded_once_and_nothing_stays_in_progress() =>
        Prop.ForAll(Arb.From(Gen.Zip(Requests.ListOf(), Gen.Elements(true, false))), async one =>
        {
            var (requests, hasLabels) = one;
            var registry = new Registry();
            var app = Build(registry, hasLabels);

            await Task.WhenAll(requests.Select(request => SendAsync(app, request)));

            Assert.Equal(
                requests.Select(request => request.Label)
                    .OfType<string>()
                    .CountBy(label => label)
                    .Select(one => $"{one.Key} {one.Value}")
                    .Order(StringComparer.Ordinal),
                Series(registry, "http_requests_total", labels => $"{labels.Values[0]} {labels.Values[2]}")
                    .Order(StringComparer.Ordinal));
            Assert.Equal(
                requests.Where(request => request is { Label: not null, IsLongLived: true })
                    .CountBy(request => request.Chosen?.DisplayName ?? "none")
                    .Select(one => $"{one.Key} {one.Value}")
                    .Order(StringComparer.Ordinal),
                // A response that starts before routing counts as open without a route; that series stays at 0.
                Series(registry, "http_long_lived_request_duration_seconds", labels => labels.Values[0])
                    .Where(line => line != "none 0")
                    .Order(StringComparer.Ordinal));
            Assert.Equal(
                [$" {requests.Count(request => request is { Label: not null, IsLongLived: false })}"],
                Series(registry, "http_request_duration_highr_seconds", labels => ""));
            Assert.All(
                Series(registry, "http_requests_inprogress", labels => "")
                    .Concat(Series(registry, "http_long_lived_requests_inprogress", labels => "")),
                line => Assert.Equal(" 0", line));
        });

    private static RequestDelegate Build(Registry registry, bool labels)
    {
        var app = new ApplicationBuilder(new NoServices()).UseInstrumentator(
            Instrumentation.Default
                .WithRegistry(registry)
                .With(config => config with
                {
                    InProgress = new() { Labels = labels },
                    ExcludedHandlers = ["^/hidden$"],
                }));
        app.Run(async context =>
        {
            var request = (Request)context.Items[typeof(Request)]!;
            context.Response.StatusCode = request.Status;
            context.Response.ContentType = request.Streams ? "text/event-stream" : "text/plain";
            for (var turn = 0; turn < request.Turns; turn++)
            {
                if (turn == request.Begins)
                    await ((Response)context.Features.Get<IHttpResponseFeature>()!).BeginAsync();
                if (turn == 1 && request.RoutedLater)
                    context.SetEndpoint(request.Chosen);
                await Task.Yield();
            }
            context.SetEndpoint(request.Chosen);
            if (request.Throws)
                throw new InvalidOperationException("as chosen");
        });
        return app.Build();
    }

    private static async Task SendAsync(RequestDelegate app, Request request)
    {
        var (context, response) = (new DefaultHttpContext { Items = { [typeof(Request)] = request } }, new Response());
        context.Features.Set<IHttpResponseFeature>(response);
        context.Request.Method = "GET";
        if (!request.RoutedLater)
            context.SetEndpoint(request.Chosen);
        try
        {
            await app(context);
        }
        catch (InvalidOperationException) when (request.Throws)
        {
            // The middleware must rethrow it.
        }
        await response.BeginAsync();
    }

    private static IEnumerable<string> Series(Registry registry, string family, Func<LabelSet, string> describe) =>
        from one in registry.Scrape().Families
        where one.Definition.Name == family
        from sample in one.Samples
        select FormattableString.Invariant(
            $"{describe(sample.Labels)} {sample.Value.Match(c => c.Value, g => g.Value, h => h.Count, s => s.Count)}");

    private static RouteEndpoint EndpointOf(string pattern)
    {
        var parsed = RoutePatternFactory.Parse(pattern);
        return new(_ => Task.CompletedTask, parsed, 0, null, pattern.Replace(":int", "", StringComparison.Ordinal));
    }

    /// <summary>A response that starts on demand and runs its callbacks then, as a server's does.</summary>
    private sealed class Response : HttpResponseFeature
    {
        private readonly Stack<Func<Task>> _callbacks = new();
        private bool _hasStarted;

        public override bool HasStarted => _hasStarted;

        public override void OnStarting(Func<object, Task> callback, object state) =>
            _callbacks.Push(() => callback(state));

        public async Task BeginAsync()
        {
            while (_callbacks.TryPop(out var callback))
                await callback();
            _hasStarted = true;
        }
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
