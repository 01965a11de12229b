using Microsoft.AspNetCore.Mvc;

namespace Instrumentator.Tests;

/// <summary>One record for each request, whatever happens inside: the route that was asked for, and the status that the
/// client got.</summary>
public sealed class FailureTests
{
    /// <summary>How an app can be put together. <c>UseInstrumentator</c> stands inside and outside of what runs a
    /// request again.</summary>
    public static TheoryData<string> Orders =>
        ["outside, routing first", "outside, routing later", "inside, routing first", "inside, routing later"];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task An_error_page_does_not_take_the_place_of_the_route_that_failed(string order)
    {
        await using var app = await StartAsync(order, app => app.UseExceptionHandler("/error"));

        var response = await app.SendAsync("GET", "/boom/5");

        Assert.Equal("error page", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(500, (int)response.StatusCode);
        Assert.Equal(["GET /boom/{id} 5xx 1"], app.Requests());
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task A_status_page_does_not_take_the_place_of_the_route_that_was_asked_for(string order)
    {
        await using var app = await StartAsync(order, app => app.UseStatusCodePagesWithReExecute("/status/{0}"));

        var response = await app.SendAsync("GET", "/teapot/5");
        await app.SendAsync("GET", "/nowhere");
        await app.SendAsync("POST", "/teapot/5");

        Assert.Equal("status page", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["GET /teapot/{id} 4xx 1", "GET none 4xx 1", "POST /teapot/{id} 4xx 1"], app.Requests());
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Excluded_requests_are_not_recorded_when_they_fail(string order)
    {
        await using var app = await StartAsync(
            order, app => app.UseExceptionHandler("/error"), config => config with { ExcludedHandlers = ["boom"] });

        await app.SendAsync("GET", "/boom/5");
        await app.SendAsync("GET", "/fine");

        Assert.Equal(["GET /fine 2xx 1"], app.Requests());
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task An_error_page_requested_directly_is_an_ordinary_request(string order)
    {
        await using var app = await StartAsync(order, app => app.UseExceptionHandler("/error"));

        await app.SendAsync("GET", "/error");

        Assert.Equal(["GET /error 2xx 1"], app.Requests());
    }

    [Fact]
    public async Task An_exception_that_nobody_handles_counts_as_500_and_goes_on()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseInstrumentator();
            app.MapGet("/boom/{id}", Boom);
            app.MapGet("/later", async () =>
            {
                await Task.Yield();
                throw new InvalidOperationException("later");
            });
        });

        var now = await Assert.ThrowsAsync<InvalidOperationException>(() => app.SendAsync("GET", "/boom/5"));
        var later = await Assert.ThrowsAsync<InvalidOperationException>(() => app.SendAsync("GET", "/later"));

        Assert.Equal(("boom", "later"), (now.Message, later.Message));
        Assert.Equal(["GET /boom/{id} 5xx 1", "GET /later 5xx 1"], app.Requests());
    }

    [Fact]
    public async Task An_exception_after_the_response_started_counts_with_the_status_code_that_was_sent()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseInstrumentator();
            app.MapGet("/stream", async (HttpContext context) =>
            {
                await context.Response.WriteAsync("begun");
                await context.Response.Body.FlushAsync();
                throw new InvalidOperationException("too late");
            });
        });

        await app.TrySendAsync("GET", "/stream");

        Assert.Equal(["GET /stream 2xx 1"], app.Requests());
    }

    [Theory]
    [InlineData(StatusCodes.Status400BadRequest)]
    [InlineData(StatusCodes.Status413PayloadTooLarge)]
    public async Task A_bad_request_that_is_thrown_has_its_own_status(int status)
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapGet("/bad", string () => throw new BadHttpRequestException("bad", status));
            },
            it => it.With(config => config with { GroupStatusCodes = false }));

        await app.TrySendAsync("GET", "/bad");

        Assert.Equal([$"GET /bad {status} 1"], app.Requests());
    }

    [Fact]
    public async Task A_client_abort_is_not_a_server_error()
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapGet("/wait", async (HttpContext context, [FromServices] SemaphoreSlim started) =>
                {
                    started.Release();
                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
                });
            },
            it => it.With(config => config with { GroupStatusCodes = false }),
            builder => builder.Services.AddSingleton(new SemaphoreSlim(0)));
        using var given = new CancellationTokenSource();

        var request = app.Client.GetAsync(new Uri("/wait", UriKind.Relative), given.Token);
        Assert.True(
            await app
                .Server.Services.GetRequiredService<SemaphoreSlim>()
                .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);

        await Eventually.Holds(() => app.Requests() is ["GET /wait 499 1"], () => string.Join("; ", app.Requests()));
    }

    [Fact]
    public async Task A_cancellation_of_the_apps_own_is_an_error_of_the_server()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseInstrumentator();
            app.MapGet("/timeout", string () => throw new OperationCanceledException("too slow"));
        });

        await app.TrySendAsync("GET", "/timeout");

        Assert.Equal(["GET /timeout 5xx 1"], app.Requests());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Middleware_around_a_branch_or_of_a_startup_filter_may_change_the_status(bool inBranch)
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                if (inBranch)
                    app.Use(ChangeAsync).UseWhen(_ => true, branch => branch.UseInstrumentator());
                else
                    app.UseInstrumentator();
            },
            it => it.With(config => config with { GroupStatusCodes = false }),
            builder =>
            {
                if (!inBranch)
                    builder.Services.AddSingleton<IStartupFilter>(new ChangingFilter());
            });

        Assert.Equal(StatusCodes.Status410Gone, (int)(await app.SendAsync("GET", "/nowhere")).StatusCode);

        Assert.Equal(["GET none 410 1"], app.Requests());
    }

    private static async Task ChangeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        context.Response.StatusCode = StatusCodes.Status410Gone;
    }

    private static string Boom(string id) => throw new InvalidOperationException("boom");

    private static Task<TestApp> StartAsync(
        string order,
        Action<IApplicationBuilder> rerun,
        Func<Config, Config>? rules = null
    ) =>
        TestApp.StartAsync(
            app =>
            {
                var outside = order.StartsWith("outside", StringComparison.Ordinal);
                if (outside)
                    app.UseInstrumentator();
                rerun(app);
                if (!outside)
                    app.UseInstrumentator();
                if (order.EndsWith("later", StringComparison.Ordinal))
                    app.UseRouting();
                app.MapGet("/boom/{id}", Boom);
                app.MapGet("/teapot/{id}", () => Results.StatusCode(StatusCodes.Status418ImATeapot));
                app.MapGet("/fine", () => "fine");
                app.Map("/error", () => "error page");
                app.Map("/status/{code}", () => "status page");
            },
            it => it.With(rules ?? (config => config)));

    private sealed class ChangingFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app => next(app.Use(ChangeAsync));
    }
}
