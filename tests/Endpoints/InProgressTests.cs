namespace Instrumentator.Tests;

public sealed class InProgressTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_is_in_progress_until_it_is_done_whatever_becomes_of_it(bool routingLater)
    {
        var release = new TaskCompletionSource();
        await using var app = await StartAsync(routingLater, labels: true, release.Task);

        var held = app.SendAsync("GET", "/hold/5");
        await Eventually.Holds(
            () => app.InProgress().Contains("/hold/{id},GET 1"),
            () => string.Join("; ", app.InProgress()));
        await app.TrySendAsync("GET", "/boom");
        await app.SendAsync("GET", "/nowhere");
        await app.SendAsync("POST", "/boom");
        await app.SendAsync("GET", "/hidden");
        Assert.Contains("/hold/{id},GET 1", app.InProgress());
        release.SetResult();
        await held;

        Assert.All(app.InProgress(), line => Assert.EndsWith(" 0", line, StringComparison.Ordinal));
        Assert.Contains("/boom,GET 0", app.InProgress());
        Assert.Contains("/boom,POST 0", app.InProgress());
        Assert.Contains("none,GET 0", app.InProgress());
        Assert.DoesNotContain(app.InProgress(), line => line.Contains("hidden", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_labels_there_is_one_gauge_and_it_takes_a_name_and_custom_labels()
    {
        var release = new TaskCompletionSource();
        await using var app = await StartAsync(false, labels: false, release.Task);

        Task[] held = [app.SendAsync("GET", "/hold/5"), app.SendAsync("GET", "/hold/6")];
        await Eventually.Holds(() => app.InProgress() is ["shop 2"], () => string.Join("; ", app.InProgress()));
        release.SetResult();
        await Task.WhenAll(held);

        Assert.Equal(["shop 0"], app.InProgress());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_path_that_is_routed_later_does_not_count_toward_the_limit_of_path_labels(bool labels)
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.UseRouting();
                app.MapGet("/items/{id}", () => "x");
            },
            it =>
                it.With(config =>
                    config with
                    {
                        Untemplated = Untemplated.Path(2),
                        InProgress = new() { Name = "busy", Labels = labels },
                    }));

        for (var i = 0; i < 5; i++)
            await app.SendAsync("GET", $"/items/{i}");
        await app.SendAsync("GET", "/nope");

        Assert.Equal(["GET /items/{id} 2xx 5", "GET /nope 4xx 1"], app.Requests());
        Assert.Equal(labels ? ["/items/{id},GET 0", "/nope,GET 0"] : [" 0"], app.InProgress());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Once_idle_a_handler_under_which_no_request_was_recorded_has_no_series(bool includePathBase)
    {
        var release = new TaskCompletionSource();
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.Use(async (context, next) =>
                {
                    if (context.Request.Query.ContainsKey("wait"))
                        await release.Task;
                    await next(context);
                });
                app.UseRouting();
                app.MapGet("/items/{id}", () => "x");
                app.MapGet("/disabled", () => "x").DisableInstrumentation();
                app.MapGet("/excluded", () => "x");
            },
            it => it.With(config => config with
            {
                IncludePathBase = includePathBase,
                ExcludedHandlers = ["excluded"],
                InProgress = new() { Name = "busy", Labels = true },
            }));

        var held = app.SendAsync("GET", "/items/5?wait=1");
        await Eventually.Holds(() => app.InProgress() is ["none,GET 1"], () => string.Join("; ", app.InProgress()));
        release.SetResult();
        await held;
        foreach (var path in new[] { "/disabled", "/excluded" })
            await app.SendAsync("GET", path);
        await app.SendAsync("POST", "/items/5");

        Assert.Equal(["/items/{id},GET 0", "/items/{id},POST 0"], app.InProgress());

        await app.SendAsync("GET", "/nowhere");

        Assert.Equal(
            ["/items/{id},GET 0", "/items/{id},POST 0", "none,GET 0"],
            app.InProgress().Order(StringComparer.Ordinal));
    }

    private static Task<TestApp> StartAsync(bool routingLater, bool labels, Task release) => TestApp.StartAsync(
        app =>
        {
            app.UseInstrumentator();
            if (routingLater)
                app.UseRouting();
            app.MapGet("/hold/{id}", async () =>
            {
                await release;
                return "held";
            });
            app.MapGet("/boom", string () => throw new InvalidOperationException("boom"));
            app.MapGet("/hidden", () => Results.Ok());
        },
        it => it.With(config => config with
        {
            ExcludedHandlers = ["hidden"],
            InProgress = new() { Name = "busy", Labels = labels, CustomLabels = labels ? [] : [("service", "shop")] },
        }));
}

file static class InProgressLines
{
    public static string[] InProgress(this TestApp app) =>
        app.Series("busy", labels => string.Join(',', labels.Values));
}
