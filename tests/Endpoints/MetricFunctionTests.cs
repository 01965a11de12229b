using Instrumentator.Adapters;

namespace Instrumentator.Tests;

public sealed class MetricFunctionTests
{
    [Fact]
    public async Task A_function_reads_headers_the_path_and_the_context()
    {
        var seen = new List<string?>();
        await using var app = await StartAsync(it =>
            it.Add(
                Metrics.From(info =>
                    seen.AddRange([
                        info.Request.Header("Accept-Language"),
                        info.Request.Header("missing"),
                        info.Request.Path,
                        info.Response.Header("X-Answer"),
                        info.HttpContext().TraceIdentifier.Length > 0 ? "context" : null,
                        info.Status,
                        $"{info.StatusCode}",
                    ]))));
        app.Client.DefaultRequestHeaders.Add("Accept-Language", "de");

        await app.SendAsync("GET", "/answer");

        Assert.Equal(["de", null, "/answer", "42", "context", "2xx", "200"], seen);
    }

    [Fact]
    public async Task A_function_that_throws_changes_nothing_for_the_client_or_for_the_others()
    {
        await using var app = await StartAsync((it, registry) => it
            .Add(Metrics.From(Throw))
            .Add(Metrics.Requests(new() { Registry = registry })));

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(
                "answer",
                await app.Client.GetStringAsync(
                    new Uri("/answer", UriKind.Relative),
                    TestContext.Current.CancellationToken));
        }

        Assert.Equal(["GET /answer 2xx 3"], app.Requests());
        Assert.Equal(
            ["{function=\"Instrumentator.Tests.MetricFunctionTests.Throw\"} 3"],
            app.Series("instrumentator_metric_function_errors_total"));
        var line = Assert.Single(app.Log.Of("Instrumentator"));
        Assert.StartsWith(
            "Instrumentator Error 1 The metric function Instrumentator.Tests.MetricFunctionTests.Throw threw.",
            line,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_asynchronous_function_runs_once_the_response_was_sent()
    {
        var release = new TaskCompletionSource();
        var seen = 0;
        await using var app = await StartAsync(it => it.AddAsync(async info =>
        {
            await release.Task;
            if (info.Response.Header("X-Answer") == "42")
                Interlocked.Increment(ref seen);
        }));

        var text = await app.Client.GetStringAsync(
            new Uri("/answer", UriKind.Relative),
            TestContext.Current.CancellationToken);

        Assert.Equal(("answer", 0), (text, seen));
        release.SetResult();
        await Eventually.Holds(() => Volatile.Read(ref seen) == 1, () => $"{seen}");
        Assert.Equal(["GET /answer 2xx 1"], app.Requests());
    }

    [Fact]
    public async Task An_asynchronous_function_that_throws_is_counted()
    {
        await using var app = await StartAsync(it => it
            .AddAsync(_ => throw new InvalidOperationException("at once"))
            .AddAsync(async _ =>
            {
                await Task.Yield();
                throw new InvalidOperationException("later");
            }));

        Assert.True((await app.SendAsync("GET", "/answer")).IsSuccessStatusCode);

        await Eventually.Holds(
            () => app.Series("instrumentator_metric_function_errors_total", _ => "") is [" 2"],
            () => string.Join("; ", app.Series("instrumentator_metric_function_errors_total")));
    }

    [Fact]
    public async Task The_time_to_the_first_byte_is_known_to_those_who_ask()
    {
        Info? seen = null;
        await using var app = await StartAsync(it => it.Add(Metrics.From(info => seen = info)));

        await app.SendAsync("GET", "/slow-end");

        Assert.True(seen!.Value.DurationWithoutStreaming > 0, "the response began");
        Assert.True(seen.Value.DurationWithoutStreaming < seen.Value.Duration, "and ended later");
    }

    [Fact]
    public async Task A_response_that_began_outside_is_measured_all_the_same()
    {
        Info? seen = null;
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.Use(async (context, next) =>
                {
                    await context.Response.WriteAsync("head ");
                    await context.Response.Body.FlushAsync();
                    await next(context);
                });
                app.UseInstrumentator();
                app.Run(context => context.Response.WriteAsync("tail"));
            },
            it =>
                it.With(config => config with { InProgress = new() { Name = "busy" } })
                    .Add(Metrics.From(info => seen = info)));

        Assert.Equal(
            "head tail",
            await app.Client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal(0, seen!.Value.DurationWithoutStreaming);
        Assert.Equal(["{} 0"], app.Series("busy"));
    }

    [Fact]
    public void An_info_from_elsewhere_has_no_context_and_says_so()
    {
        var info = Info.From(new RequestFacts { Template = "/x" }, Config.Default)!.Value;

        var error = Assert.Throws<InvalidOperationException>(() => info.HttpContext());
        Assert.Contains("not measured by UseInstrumentator", error.Message, StringComparison.Ordinal);
    }

    private static void Throw(Info info) => throw new InvalidOperationException("not my day");

    private static Task<TestApp> StartAsync(Func<Instrumentation, Instrumentation> change) =>
        StartAsync((it, _) => change(it));

    private static Task<TestApp> StartAsync(Func<Instrumentation, Registry, Instrumentation> change) =>
        TestApp.StartAsync(
        app =>
        {
            app.UseInstrumentator();
            app.MapGet("/answer", (HttpContext context) =>
            {
                context.Response.Headers["X-Answer"] = "42";
                return "answer";
            });
            app.MapGet("/slow-end", async (HttpContext context) =>
            {
                await context.Response.WriteAsync("begun");
                await context.Response.Body.FlushAsync();
                await Task.Delay(20, TestContext.Current.CancellationToken);
            });
        },
        it => change(it, it.Registry));
}
