using FsCheck;
using FsCheck.Fluent;
using Instrumentator.Laws;
using Microsoft.AspNetCore.Diagnostics;

namespace Instrumentator.Tests;

/// <summary>Error pages of any kind, outside and inside of <c>UseInstrumentator</c>: a request has one record, with the
/// status that its client got and the label of the route that was requested.</summary>
public sealed class ErrorPageProps
{
    // It throws another exception around the first, which only the client of the test server sees: outside, it is a
    // case for a real server.
    private const string NoPage = "exception handler, no page";

    /// <summary>The pages, each with whether it keeps the label of the request wherever it stands. Middleware of the
    /// app's own that runs the pipeline again for another path changes the route of requests that it is a part
    /// of.</summary>
    private static readonly Dictionary<string, (bool KeepsLabel, Action<IApplicationBuilder> Use)> _pages =
        new(StringComparer.Ordinal)
        {
            ["exception handler"] = (true, app => app.UseExceptionHandler("/error")),
            ["exception handler, lambda"] = (true, app =>
                app.UseExceptionHandler(branch => branch.Run(context => AnswerAsync(context, 409)))),
            ["exception handler, selector"] = (true, app => app.UseExceptionHandler(new ExceptionHandlerOptions
            {
                ExceptionHandlingPath = "/error",
                StatusCodeSelector = exception => exception is InvalidOperationException ? 422 : 503,
            })),
            ["exception handler, 404"] = (true, app => app.UseExceptionHandler(new ExceptionHandlerOptions
            {
                ExceptionHandler = context => AnswerAsync(context, 404),
                AllowStatusCode404Response = true,
            })),
            [NoPage] = (true, app => app.UseExceptionHandler("/no-page")),
            ["exception handler, suppressed"] = (true, app => app.UseExceptionHandler(new ExceptionHandlerOptions
            {
                ExceptionHandler = context => AnswerAsync(context, 418),
                SuppressDiagnosticsCallback = _ => true,
            })),
            ["exception handler, scoped"] = (true, app =>
                app.UseExceptionHandler("/error", createScopeForErrors: true)),
            ["exception handler, throwing"] = (true, app => app.UseExceptionHandler(new ExceptionHandlerOptions
            {
                ExceptionHandler = _ => throw new InvalidOperationException("page"),
            })),
            ["developer page"] = (true, app => app.UseDeveloperExceptionPage()),
            ["status pages"] = (true, app => app.UseStatusCodePages()),
            ["status pages, redirects"] = (true, app => app.UseStatusCodePagesWithRedirects("/status/{0}")),
            ["status pages, re-execute"] = (true, app => app.UseStatusCodePagesWithReExecute("/status/{0}")),
            ["status pages, lambda"] = (true, app => app.UseStatusCodePages(
                context => AnswerAsync(context.HttpContext, 451))),
            ["own, catches"] = (true, app => app.Use(CatchAsync)),
            ["own, class"] = (true, app => app.UseMiddleware<Catching>()),
            ["own, changes"] = (true, app => app.Use(ChangeAsync)),
            ["own, passes on"] = (true, app => app.Use((context, next) => next(context))),
            ["own, throws"] = (true, app => app.Use(ThrowAsync)),
            ["own, runs again"] = (false, app => app.Use(RunAgainAsync)),
            ["own, fallback"] = (false, app => app.Use(FallBackAsync)),
        };

    /// <summary>The requests, and the label of each.</summary>
    private static readonly Dictionary<string, string> _requests = new(StringComparer.Ordinal)
    {
        ["/boom/5"] = "/boom/{id}",
        ["/later/5"] = "/later/{id}",
        ["/bad"] = "/bad",
        ["/canceled"] = "/canceled",
        ["/gone"] = "/gone",
        ["/told"] = "/told",
        ["/late"] = "/late",
        ["/nowhere"] = "none",
        ["/empty"] = "/empty",
        ["/fine"] = "/fine",
    };

    /// <summary>An app.</summary>
    /// <param name="Outside">The pages before <c>UseInstrumentator</c>, from the outermost on.</param>
    /// <param name="Inside">The pages after it.</param>
    /// <param name="RoutesFirst">Whether endpoints are chosen before it.</param>
    /// <param name="Tracks">Whether requests are observed while they run.</param>
    /// <param name="Handler">Whether the app has an <see cref="IExceptionHandler"/>.</param>
    public sealed record Arrangement(
        IReadOnlyList<string> Outside, IReadOnlyList<string> Inside, bool RoutesFirst, bool Tracks, bool Handler)
    {
        public override string ToString() =>
            $"[{string.Join(", ", Outside)}] [{string.Join(", ", Inside)}] {RoutesFirst} {Tracks} {Handler}";
    }

    private static Gen<Arrangement> Arrangements =>
        from outside in Gen.Elements(_pages.Keys.Where(page => page != NoPage)).ListOf()
        from inside in Gen.Elements(_pages.Where(one => one.Value.KeepsLabel).Select(one => one.Key)).ListOf()
        from flags in Gen.Elements(true, false).ListOf(3)
        select new Arrangement([.. outside.Take(3)], [.. inside.Take(2)], flags[0], flags[1], flags[2]);

    [Property(MaxTest = 150)]
    public Property A_request_has_one_record_with_the_status_that_its_client_got() =>
        Prop.ForAll(Arb.From(Arrangements, Smaller), async arrangement =>
        {
            await using var app = await StartAsync(arrangement);
            var expected = new List<string>();

            foreach (var (path, label) in _requests)
                expected.Add($"GET {label} {await StatusOfAsync(app, path)} 1");

            expected.Sort(StringComparer.Ordinal);
            await Eventually.Holds(
                () => app.Requests().Order(StringComparer.Ordinal).SequenceEqual(expected),
                () => $"{string.Join("; ", app.Requests())}\nexpected: {string.Join("; ", expected)}");
            Assert.All(app.Series("busy", _ => ""), line => Assert.Equal(" 0", line));
        });

    private static IEnumerable<Arrangement> Smaller(Arrangement one) =>
    [
        .. Without(one.Outside).Select(fewer => one with { Outside = fewer }),
        .. Without(one.Inside).Select(fewer => one with { Inside = fewer }),
    ];

    private static IEnumerable<string[]> Without(IReadOnlyList<string> pages) =>
        pages.Select((_, i) => pages.Where((_, j) => j != i).ToArray());

    private static Task<TestApp> StartAsync(Arrangement arrangement) => TestApp.StartAsync(
        app =>
        {
            Use(app, arrangement.Outside);
            app.UseInstrumentator();
            Use(app, arrangement.Inside);
            if (!arrangement.RoutesFirst)
                app.UseRouting();
            MapRequests(app);
            app.Map("/error", context => AnswerAsync(context, context.Response.StatusCode));
            app.Map("/status/{code}", () => "status page");
        },
        it => it.With(config => config with
        {
            GroupStatusCodes = false,
            InProgress = arrangement.Tracks ? new() { Name = "busy" } : null,
        }),
        builder =>
        {
            builder.Services.AddProblemDetails();
            if (arrangement.Handler)
                builder.Services.AddExceptionHandler<Conflicts>();
        });

    private static void Use(IApplicationBuilder app, IReadOnlyList<string> pages)
    {
        foreach (var page in pages)
            _pages[page].Use(app);
    }

    private static void MapRequests(IEndpointRouteBuilder app)
    {
        app.MapGet("/boom/{id}", string (string id) => throw new InvalidOperationException("boom"));
        app.MapGet("/later/{id}", async (string id) =>
        {
            await Task.Yield();
            throw new InvalidOperationException("later");
        });
        app.MapGet("/bad", string () => throw new BadHttpRequestException("bad", 413));
        app.MapGet("/canceled", string () => throw new OperationCanceledException("too slow"));
        app.MapGet("/gone", () => Results.StatusCode(410));
        app.MapGet("/told", () => Results.Text("told", statusCode: 403));
        app.MapGet("/late", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("begun");
            await context.Response.Body.FlushAsync();
            throw new InvalidOperationException("too late");
        });
        app.MapGet("/empty", () => Results.NoContent());
        app.MapGet("/fine", () => "fine");
    }

    // The test server throws the exception that a real server answers with a status code.
    private static async Task<int> StatusOfAsync(TestApp app, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        try
        {
            using var response = await app.Client.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            return (int)response.StatusCode;
        }
        catch (BadHttpRequestException e)
        {
            return e.StatusCode;
        }
        catch (Exception e) when (e is InvalidOperationException or OperationCanceledException)
        {
            return 500;
        }
    }

    private static Task AnswerAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync("page");
    }

    private static async Task CatchAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (e is InvalidOperationException && !context.Response.HasStarted)
        {
            context.Response.Clear();
            await AnswerAsync(context, 409);
        }
    }

    private static async Task ChangeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (!context.Response.HasStarted && context.Response.StatusCode is 404 or 204)
            context.Response.StatusCode = context.Response.StatusCode == 404 ? 410 : 304;
    }

    private static async Task ThrowAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response.StatusCode == 410 && !context.Response.HasStarted)
            throw new InvalidOperationException("outside");
    }

    private static async Task RunAgainAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (e is InvalidOperationException && !context.Response.HasStarted)
        {
            context.Response.Clear();
            await GoAsync(context, "/error", next);
        }
    }

    private static async Task FallBackAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response is { HasStarted: false, StatusCode: 404 })
        {
            context.Response.StatusCode = 200;
            await GoAsync(context, "/fine", next);
        }
    }

    private static Task GoAsync(HttpContext context, string path, RequestDelegate next)
    {
        context.Request.Path = path;
        context.SetEndpoint(null);
        return next(context);
    }

    private sealed class Catching(RequestDelegate next)
    {
        public Task InvokeAsync(HttpContext context) => CatchAsync(context, next);
    }

    private sealed class Conflicts : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(
            HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            if (exception is not InvalidOperationException)
                return false;
            await AnswerAsync(httpContext, 409);
            return true;
        }
    }
}
