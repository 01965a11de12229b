namespace Instrumentator.Tests;

/// <summary>Responses are the same with and without instrumentation.</summary>
public sealed class TransparencyTests
{
    public static TheoryData<string, string> Requests =>
        new()
        {
            { "GET", "/plain" },
            { "HEAD", "/plain" },
            { "GET", "/json" },
            { "GET", "/empty" },
            { "GET", "/stream" },
            { "GET", "/redirect" },
            { "GET", "/teapot" },
            { "GET", "/nowhere" },
            { "POST", "/plain" },
            { "OPTIONS", "/plain" },
            { "FOO", "/plain" },
            { "FOO", "/nowhere" },
            { "GET", "/boom" },
            { "GET", "/bad" },
            { "GET", "/short-circuit" },
            { "GET", "/static" },
            { "GET", "/late-boom" },
        };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task An_answer_is_what_it_would_have_been(string method, string path)
    {
        var without = await AnswerAsync(method, path, _ => { }, it => it);
        Func<Instrumentation, Instrumentation>[] changes =
        [
            it => it,
            it => it.Add(Metrics.From(_ => throw new InvalidOperationException("mine"))),
            it =>
                it.With(config =>
                        config with
                        {
                            BodyHandlers = [""],
                            InProgress = new() { Labels = true },
                            IncludePathBase = true,
                            LatencyDecimals = 3,
                        })
                    .Add(Metrics.From(_ => { }))
                    .AddAsync(_ => throw new InvalidOperationException("mine")),
            it => it.With(config => config with { ExcludedHandlers = [""] }),
        ];

        foreach (var change in changes)
        {
            Assert.Equal(without, await AnswerAsync(method, path, app => app.UseInstrumentator(), change));
            Assert.Equal(without, await AnswerAsync(method, path, app => app.UseInstrumentator().UseRouting(), change));
        }
    }

    private static async Task<string> AnswerAsync(
        string method, string path, Action<WebApplication> first, Func<Instrumentation, Instrumentation> change)
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                first(app);
                Configure(app);
            },
            change);
        try
        {
            using var response = await app.SendAsync(method, path);
            return $"{response}\n{await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}";
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            return $"{e.GetType()} {e.Message}";
        }
    }

    private static void Configure(WebApplication app)
    {
        app.Use(
            (context, next) =>
                context.Request.Path == "/static" ? context.Response.WriteAsync("static") : next(context));
        app.MapGet("/plain", () => "plain");
        app.MapMethods("/plain", ["HEAD"], (HttpContext context) => context.Response.ContentLength = 5);
        app.MapGet("/json", () => new { answer = 42 });
        app.MapGet("/empty", () => Results.NoContent());
        app.MapGet("/stream", async (HttpContext context) =>
        {
            for (var i = 0; i < 3; i++)
            {
                await context.Response.WriteAsync($"chunk-{i}\n");
                await context.Response.Body.FlushAsync();
            }
        });
        app.MapGet("/redirect", () => Results.Redirect("/plain"));
        app.MapGet("/teapot", () => Results.StatusCode(StatusCodes.Status418ImATeapot));
        app.MapGet("/boom", string () => throw new InvalidOperationException("boom"));
        app.MapGet("/bad", string () => throw new BadHttpRequestException("bad"));
        app.MapGet("/short-circuit", () => "short").ShortCircuit();
        app.MapGet("/late-boom", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("begun");
            throw new InvalidOperationException("too late");
        });
    }
}
