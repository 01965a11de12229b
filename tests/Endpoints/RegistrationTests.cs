namespace Instrumentator.Tests;

public sealed class RegistrationTests
{
    [Fact]
    public async Task Registering_twice_counts_once()
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.UseInstrumentator();
                app.Map(
                    "/branch",
                    branch =>
                        branch
                            .UseInstrumentator()
                            .UseRouting()
                            .UseEndpoints(endpoints => endpoints.MapGet("/x", () => "x")));
                app.MapInstrumentator();
                app.MapInstrumentator();
                app.MapGet("/x", () => "x");
            },
            services: builder => builder.Services.AddInstrumentator().AddInstrumentator());

        await app.SendAsync("GET", "/x");
        await app.SendAsync("GET", "/branch/x");

        Assert.True((await app.SendAsync("GET", "/metrics")).IsSuccessStatusCode);
        Assert.Equal(["GET /x 2xx 2"], app.Requests());
    }

    [Fact]
    public async Task Added_metrics_are_in_the_scrape_of_the_instrumentation()
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapInstrumentator();
                app.MapGet("/a", () => "a");
            },
            it => it
                .Add(Metrics.Default())
                .Add(Metrics.Requests(new() { Name = "own_total" }))
                .Add(Metrics.CombinedSize()));

        // The families are there before the first request.
        var atStart = await app.Registry.ScrapeAsync(TestContext.Current.CancellationToken);
        Assert.Equal(7, atStart.Families.Count);
        await app.SendAsync("GET", "/a");
        await app.SendAsync("GET", "/a");

        var scrape = await app.Client.GetStringAsync(
            new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.All(["http_requests_total", "own_total", "http_combined_size_bytes_count"], name => Assert.Contains(
            $"\n{name}{{handler=\"/a\",method=\"GET\",status=\"2xx\"}} 2\n", scrape, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_middlewares_around_each_other_count_once()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseWhen(_ => true, branch => branch.UseInstrumentator());
            app.UseInstrumentator();
            app.MapGet("/x", () => "x");
        });

        await app.SendAsync("GET", "/x");
        await app.SendAsync("GET", "/nowhere");

        Assert.Equal(["GET /x 2xx 1", "GET none 4xx 1"], app.Requests());
    }

    [Fact]
    public async Task An_endpoint_in_a_group_shows_the_registry_of_the_middleware()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.MapGroup("/ops").MapInstrumentator();
            app.UseInstrumentator(Instrumentation.Default.WithRegistry(new Registry()));
            app.MapGet("/given", () => "x");
        });

        await app.SendAsync("GET", "/given");

        Assert.Contains(
            "handler=\"/given\"",
            await app.Client.GetStringAsync(
                new Uri("/ops/metrics", UriKind.Relative),
                TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_endpoint_exists_if_the_middleware_is_switched_off()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.MapInstrumentator();
            app.UseInstrumentator(
                Instrumentation.Default.With(config => config with { EnabledBy = "INSTRUMENTATOR_TEST_SWITCH" }));
        });

        Assert.Equal(StatusCodes.Status404NotFound, (int)(await app.SendAsync("GET", "/metrics")).StatusCode);
    }

    [Fact]
    public async Task Routes_that_differ_in_case_or_slashes_are_one_endpoint()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.MapInstrumentator("/metrics");
            app.MapInstrumentator("metrics");
            app.MapInstrumentator("/METRICS/");
        });

        Assert.True((await app.SendAsync("GET", "/metrics")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Two_lines_are_enough_and_use_the_default_registry()
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapInstrumentator();
                app.MapGet("/two-lines", () => "x");
            },
            _ => Instrumentation.Default);

        await app.SendAsync("GET", "/two-lines");
        var text = await app.Client.GetStringAsync(
            new Uri("/metrics", UriKind.Relative),
            TestContext.Current.CancellationToken);

        Assert.Contains(
            "http_requests_total{handler=\"/two-lines\",method=\"GET\",status=\"2xx\"} 1\n",
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_endpoint_shows_the_registry_of_the_middleware()
    {
        var registry = new Registry();
        await using var app = await TestApp.StartAsync(app =>
        {
            app.MapInstrumentator();
            app.UseInstrumentator(Instrumentation.Default.WithRegistry(registry));
            app.MapGet("/given", () => "x");
        });

        await app.SendAsync("GET", "/given");
        var text = await app.Client.GetStringAsync(
            new Uri("/metrics", UriKind.Relative),
            TestContext.Current.CancellationToken);

        Assert.Contains("handler=\"/given\"", text, StringComparison.Ordinal);
        Assert.Empty(app.Requests());
    }

    [Fact]
    public async Task Bad_values_are_an_error_at_the_start_with_all_errors_at_once()
    {
        var error = await Assert.ThrowsAsync<InvalidConfigException>(() =>
            TestApp.StartAsync(
                app => app.UseInstrumentator(),
                it =>
                    it.With(config =>
                            config with
                            {
                                ExcludedHandlers = ["("],
                                BodyLimit = -1,
                                Untemplated = Untemplated.Path(0),
                            })
                        .WithDefaultMetrics(new() { LowResolutionBuckets = [1, 0.5] })));

        Assert.Equal(4, error.Errors.Count);
        Assert.All(
            [
                "ExcludedHandlers holds \"(\"",
                "BodyLimit is -1",
                "Untemplated.Path has the limit 0",
                "http_request_duration_seconds have 0.5 after 1",
            ],
            text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_an_error_at_the_start_that_shows_both()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TestApp.StartAsync(
            app => app.UseInstrumentator(),
            it =>
            {
                it.Registry.Gauge("http_requests_total", "Mine.");
                return it;
            }));

        Assert.Contains("Gauge http_requests_total \"Mine.\"", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "Counter http_requests_total \"Total number of requests",
            error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("TRUE", true)]
    [InlineData("1", true)]
    [InlineData("yes", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public async Task The_switch_turns_both_on_or_off(string? value, bool on)
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapInstrumentator().WithTags("x");
                app.MapGet("/x", () => "x");
            },
            it => it.With(config => config with { EnabledBy = "INSTRUMENTATOR_TEST_SWITCH" }),
            builder => builder.Configuration.AddInMemoryCollection([new("INSTRUMENTATOR_TEST_SWITCH", value)]));

        Assert.Equal(
            "x",
            await app.Client.GetStringAsync(new Uri("/x", UriKind.Relative), TestContext.Current.CancellationToken));

        Assert.Equal(
            on ? StatusCodes.Status200OK : StatusCodes.Status404NotFound,
            (int)(await app.SendAsync("GET", "/metrics")).StatusCode);
        Assert.Equal(on ? ["GET /x 2xx 1"] : [], app.Requests());
        Assert.Equal(on, (await app.Registry.ScrapeAsync(TestContext.Current.CancellationToken)).Families.Count > 0);
    }

    [Fact]
    public async Task Two_apps_in_one_process_count_separately()
    {
        await using var first = await TestApp.StartAsync(Configure);
        await using var second = await TestApp.StartAsync(Configure);

        await first.SendAsync("GET", "/x");

        Assert.Equal(["GET /x 2xx 1"], first.Requests());
        Assert.Empty(second.Requests());

        static void Configure(WebApplication app)
        {
            app.UseInstrumentator();
            app.MapGet("/x", () => "x");
        }
    }
}
