using System.Diagnostics;
using Instrumentator.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator.Properties;

/// <summary>Compares generated apps and requests with a simple interpreter that predicts the recorded series.</summary>
public class AppProps
{
    /// <summary>The outcome of a handler.</summary>
    public enum Outcome { Answers, Throws, ThrowsLate, IsBad, IsCancelled, IsGone }

    /// <summary>How a route is marked, by metadata or by its name.</summary>
    public enum Mark { None, Disabled, Labelled, Excluded, ShortCircuited }

    /// <summary>A route of an app.</summary>
    /// <param name="Prefix">The prefix of its route group; empty for none.</param>
    /// <param name="Name">The path segment after the prefix. It is unique within an app, so that it is clear which
    /// route a path matches.</param>
    /// <param name="Parameter">The rest of the pattern: a route parameter, or nothing.</param>
    /// <param name="Method">The only method that the route accepts; null for any.</param>
    public sealed record Routed(string Prefix, string Name, string Parameter, string? Method, Mark Mark)
    {
        public string Pattern => $"{Prefix}/{Name}{Parameter}";

        /// <summary>The handler label; null if the route is not measured.</summary>
        public string? Label => Mark switch
        {
            Mark.Disabled or Mark.Excluded => null,
            Mark.Labelled => $"label of {Name}",
            _ => Pattern.Replace(":int", "", StringComparison.Ordinal),
        };
    }

    /// <summary>An app: its routes, and the middleware and options around them.</summary>
    public sealed record App(
        IReadOnlyList<Routed> Routes,
        bool RoutedFirst,
        bool ErrorPages,
        bool StatusPages,
        bool Outside,
        bool IncludesPathBase,
        bool Labels,
        bool Rejected,
        bool WatchesStart,
        bool Grouped);

    /// <summary>A request: the index of its route, and its outcome there.</summary>
    public sealed record Request(
        int Route, string Method, bool Valid, bool Below, Outcome Outcome, int Status, int Turns);

    /// <summary>An app and the requests that it receives.</summary>
    public sealed record Case(App App, ValueList<Request> Requests)
    {
        public override string ToString() => string.Join(
            '\n',
            [$"{App}", .. App.Routes.Select(route => $"{route}"), .. Requests.Select(request => $"{request}")]);
    }

    private static Gen<App> Apps =>
        from marks in Gen.Elements(
            Mark.None, Mark.None, Mark.None, Mark.Disabled, Mark.Labelled, Mark.Excluded, Mark.ShortCircuited)
            .NonEmptyListOf()
        from rest in Gen.Zip(
            Gen.Elements("", "/api", "/api/{tenant}"),
            Gen.Zip(Gen.Elements("", "/{id}", "/{id:int}"), Gen.Elements<string?>(null, "GET", "POST", "HEAD")))
            .ListOf(marks.Count)
        from flags in Gen.Elements(true, false).ListOf(9)
        select new App(
            [
                .. marks.Zip(rest, (mark, one) => (mark, one)).Take(8).Select((one, i) => new Routed(
                    one.one.Item1,
                    $"{(one.mark == Mark.Excluded ? "hidden" : "r")}{i}",
                    one.one.Item2.Item1,
                    one.one.Item2.Item2,
                    one.mark)),
            ],
            flags[0], flags[1], flags[2], flags[3], flags[4], flags[5], flags[6], flags[7], flags[8]);

    private static Gen<Request> Requests =>
        from route in Gen.Choose(0, 8)
        from method in Gen.Elements("GET", "GET", "POST", "HEAD", "OPTIONS", "get", "BREW")
        from valid in Gen.Elements(true, true, false)
        from below in Gen.Elements(true, false, false)
        from outcome in Gen.Frequency(
            (4, Gen.Constant(Outcome.Answers)),
            (3, Gen.Elements(
                Outcome.Throws, Outcome.ThrowsLate, Outcome.IsBad, Outcome.IsCancelled, Outcome.IsGone)))
        from status in Gen.Elements(200, 200, 204, 302, 404, 418, 503, 99, 600)
        from turns in Gen.Choose(0, 3)
        select new Request(route, method, valid, below, outcome, status, turns);

    private static Gen<Case> Cases =>
        Gen.Zip(Apps, Requests.ListOf()).Select(one => new Case(one.Item1, [.. one.Item2]));

    [Property(MaxTest = 80)]
    public Property Recorded_requests_match_the_interpreter() =>
        Prop.ForAll(Arb.From(Cases), async one =>
        {
            var (app, requests) = one;
            var registry = new Registry();
            var running = Build(app, registry);

            // First all requests at once, interleaved by their turns; then one after the other.
            await Task.WhenAll(requests.Select(request => SendAsync(running, app, request)));
            foreach (var request in requests)
            {
                await SendAsync(running, app, request);
                Assert.Equal(0, Sum(registry, "http_requests_inprogress"));
            }

            Assert.Equal(
                requests.Concat(requests)
                    .Select(request => Expected(app, request))
                    .OfType<string>()
                    .CountBy(label => label)
                    .Select(one => $"{one.Key} {one.Value}")
                    .Order(StringComparer.Ordinal),
                Recorded(registry).Order(StringComparer.Ordinal));
        });

    /// <summary>Returns the method, handler and status recorded for a request; null if it is not recorded.</summary>
    private static string? Expected(App app, Request request)
    {
        var route = request.Route < app.Routes.Count ? app.Routes[request.Route] : null;
        var isFound = route is not null && (request.Valid || route.Parameter != "/{id:int}");
        var isRejected = route?.Method is { } method
            && !method.Equals(request.Method, StringComparison.OrdinalIgnoreCase);

        // Routing checks methods before constraints.
        if (!isFound || isRejected && !app.Rejected)
            return Line(app, request, "none", isRejected ? 405 : 404, route?.Mark == Mark.Excluded);
        if (isRejected)
            return route!.Label is { } label ? Line(app, request, WithBase(app, request, label), 405) : null;

        // The routing middleware runs the endpoint, so instrumentation middleware that comes later does not see it.
        if (route!.Mark == Mark.ShortCircuited && app.RoutedFirst)
            return null;
        return route.Label is { } own ? Line(app, request, WithBase(app, request, own), StatusOf(app, request)) : null;
    }

    private static string WithBase(App app, Request request, string label) =>
        app.IncludesPathBase && request.Below && label.StartsWith('/') ? "/base" + label : label;

    // An error page answers in place of the server: middleware outside of it does not see the exception.
    private static int StatusOf(App app, Request request) => request.Outcome switch
    {
        Outcome.Answers or Outcome.ThrowsLate => request.Status,
        Outcome.IsBad => app is { ErrorPages: true, Outside: true } ? 500 : 413,
        Outcome.IsGone => 499,
        _ => 500,
    };

    private static string? Line(App app, Request request, string handler, int status, bool isHidden = false) => isHidden
        ? null
        : $"{MethodLabel.Of(request.Method, Config.Default)} {handler} "
            + $"{StatusLabel.Of(status, Config.Default with { GroupStatusCodes = app.Grouped })}";

    private static RequestDelegate Build(App app, Registry registry)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddRouting()
            .AddSingleton(new DiagnosticListener("props"))
            .AddSingleton<DiagnosticSource>(all => all.GetRequiredService<DiagnosticListener>());
        var builder = new ApplicationBuilder(services.BuildServiceProvider());
        var instrumentation = Instrumentation.Default.WithRegistry(registry).With(config => config with
        {
            InProgress = new() { Labels = app.Labels },
            ExcludedHandlers = ["hidden"],
            IncludePathBase = app.IncludesPathBase,
            LabelRejected = app.Rejected,
            GroupStatusCodes = app.Grouped,
        });
        builder.UsePathBase("/base");
        if (app.RoutedFirst)
            builder.UseRouting();
        if (app.Outside)
            Measure();
        if (app.ErrorPages)
        {
            builder.UseExceptionHandler(new ExceptionHandlerOptions
            {
                ExceptionHandler = _ => Task.CompletedTask,
                AllowStatusCode404Response = true,
                SuppressDiagnosticsCallback = _ => true,
            });
        }
        if (app.StatusPages)
            builder.UseStatusCodePages(context => context.HttpContext.Response.WriteAsync("a page"));
        if (!app.Outside)
            Measure();
        if (!app.RoutedFirst)
            builder.UseRouting();
        builder.UseEndpoints(endpoints => Map(app, endpoints));
        return builder.Build();

        void Measure() => builder.UseInstrumentator(app.WatchesStart
            ? instrumentation.Add(Metrics.Default(new() { Registry = registry })).Add(Metrics.From(_ => { }))
            : instrumentation);
    }

    private static void Map(App app, IEndpointRouteBuilder endpoints)
    {
        foreach (var route in app.Routes)
        {
            var group = endpoints.MapGroup(route.Prefix);
            var pattern = $"/{route.Name}{route.Parameter}";
            IEndpointConventionBuilder mapped = route.Method is { } method
                ? group.MapMethods(pattern, [method], HandleAsync)
                : group.Map(pattern, HandleAsync);
            if (route.Mark == Mark.Disabled)
                mapped.DisableInstrumentation();
            if (route.Mark == Mark.Labelled)
                mapped.WithHandlerLabel(route.Label!);
            if (route.Mark == Mark.ShortCircuited)
                mapped.ShortCircuit();
        }
    }

    private static async Task HandleAsync(HttpContext context)
    {
        var request = (Request)context.Items[typeof(Request)]!;
        for (var turn = 0; turn < request.Turns; turn++)
            await Task.Yield();
        context.Response.StatusCode = request.Status;
        if (request.Outcome == Outcome.ThrowsLate)
            ((StartedByHand)context.Features.Get<IHttpResponseFeature>()!).Begin();
        if (request.Outcome == Outcome.IsGone)
            context.RequestAborted = new CancellationToken(canceled: true);
        if (request.Outcome == Outcome.Answers)
            return;
        throw request.Outcome switch
        {
            Outcome.Throws or Outcome.ThrowsLate => new InvalidOperationException("as chosen"),
            Outcome.IsBad => new BadHttpRequestException("as chosen", 413),
            Outcome.IsCancelled or Outcome.IsGone => new OperationCanceledException("as chosen"),
            _ => new UnreachableException(),
        };
    }

    private static async Task SendAsync(RequestDelegate running, App app, Request request)
    {
        var context = new DefaultHttpContext { Items = { [typeof(Request)] = request } };
        var path = request.Route < app.Routes.Count ? app.Routes[request.Route].Pattern : "/nowhere/{id}";
        context.Features.Set<IHttpResponseFeature>(new StartedByHand());
        context.Request.Method = request.Method;
        context.Request.Path = (request.Below ? "/base" : "") + path
            .Replace("{tenant}", "acme", StringComparison.Ordinal)
            .Replace("{id}", "x", StringComparison.Ordinal)
            .Replace("{id:int}", request.Valid ? "5" : "x", StringComparison.Ordinal);
        await Record.ExceptionAsync(() => running(context));
    }

    private static IEnumerable<string> Recorded(Registry registry) =>
        from family in ParsedScrape.Prometheus(registry.ToText()).Families
        where family.Name == "http_requests_total"
        from sample in family.Samples
        select FormattableString.Invariant(
            $"{sample.ValueOf("method")} {sample.ValueOf("handler")} {sample.ValueOf("status")} {sample.Value}");

    private static double Sum(Registry registry, string name) =>
        ParsedScrape.Prometheus(registry.ToText()).Families
            .Where(family => family.Name == name)
            .SelectMany(family => family.Samples)
            .Sum(sample => sample.Value);

    /// <summary>A response that starts on demand.</summary>
    private sealed class StartedByHand : HttpResponseFeature
    {
        private bool _hasStarted;

        public override bool HasStarted => _hasStarted;

        public void Begin() => _hasStarted = true;
    }
}
