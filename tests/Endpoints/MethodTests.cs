namespace Instrumentator.Tests;

/// <summary>A request has one method in all metrics, even if middleware changes it: the one with which it reached
/// <c>UseInstrumentator</c>.</summary>
public sealed class MethodTests
{
    private static readonly Dictionary<string, Func<Config, Config>> _paths = new(StringComparer.Ordinal)
    {
        ["direct"] = config => config with { LongLived = null },
        ["tracked"] = config => config,
        ["tracked with gauge"] = config => config with { InProgress = new() { Labels = true } },
        ["tracked with bodies"] = config => config with { BodySizes = BodySizes.Actual },
    };

    public static TheoryData<string, bool, bool> Paths =>
        new MatrixTheoryData<string, bool, bool>(_paths.Keys, [false, true], [false, true]);

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task All_metrics_have_the_method_that_the_client_sent(string path, bool isRoutingLater, bool isAwaited)
    {
        await using var app = await StartAsync(
            app =>
            {
                if (!isRoutingLater)
                    app.UseRouting();
                app.UseInstrumentator();
                app.Use(async (context, next) =>
                {
                    if (isAwaited)
                        await Task.Yield();
                    await next(context);
                });
                app.UseHttpMethodOverride();
                app.Use(HeadAsGet);
            },
            path);

        await OverrideAsync(app, "/any");
        await app.SendAsync("HEAD", "/any");
        await OverrideAsync(app, "/boom");
        await OverrideAsync(app, "/nowhere");

        // The test server answers as soon as a response starts.
        string[] expected = ["HEAD /any 2xx 1", "POST /any 2xx 1", "POST /boom 5xx 1", "POST none 4xx 1"];
        await Eventually.Holds(
            () => app.Requests().Order(StringComparer.Ordinal).SequenceEqual(expected),
            () => string.Join("; ", app.Requests()));
        var scrape = await app.Registry.ScrapeAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(
            scrape.Families.SelectMany(family => family.Samples),
            sample => sample.Labels.Values.Any(value => value is "GET" or "DELETE"));
    }

    [Theory]
    [InlineData(true, "POST /any 1")]
    [InlineData(false, "DELETE /any 1")]
    public async Task The_gauge_of_requests_in_progress_has_the_same_method(bool isFirst, string during)
    {
        string[] seen = [];
        TestApp? started = null;
        await using var app = started = await StartAsync(
            app =>
            {
                if (!isFirst)
                    app.UseHttpMethodOverride();
                app.UseRouting();
                app.UseInstrumentator();
                if (isFirst)
                    app.UseHttpMethodOverride();
                app.Use((context, next) =>
                {
                    seen = Gauges(started!);
                    return next(context);
                });
            },
            "tracked with gauge");

        await OverrideAsync(app, "/any");

        Assert.Equal([during], seen);
        Assert.Equal([during[..^1] + "0"], Gauges(app));
        Assert.Equal([during[..^1] + "2xx 1"], app.Requests());
    }

    private static string[] Gauges(TestApp app) =>
        app.Series("http_requests_inprogress", labels => $"{labels.Values[1]} {labels.Values[0]}");

    private static Task HeadAsGet(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsHead(context.Request.Method))
            context.Request.Method = HttpMethods.Get;
        return next(context);
    }

    private static async Task OverrideAsync(TestApp app, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Headers = { { "X-HTTP-Method-Override", "DELETE" } },
        };
        try
        {
            using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        }
        catch (InvalidOperationException)
        {
            // The test server passes on what the app throws.
        }
    }

    private static Task<TestApp> StartAsync(Action<WebApplication> configure, string path) =>
        TestApp.StartAsync(
            app =>
            {
                configure(app);
                app.Map("/any", () => "any");
                app.Map("/boom", string () => throw new InvalidOperationException("boom"));
            },
            it => it.With(_paths[path]));
}
