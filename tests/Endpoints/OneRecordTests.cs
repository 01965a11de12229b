using Microsoft.AspNetCore.TestHost;

namespace Instrumentator.Tests;

/// <summary>An instrumentation records a request once, however many calls of <c>UseInstrumentator</c> the request
/// passes.</summary>
public sealed class OneRecordTests
{
    private static readonly Dictionary<string, Func<Config, Config>> _configs = new(StringComparer.Ordinal)
    {
        ["default"] = config => config,
        ["everything"] = config => config with
        {
            InProgress = new() { Labels = true },
            BodySizes = BodySizes.Actual,
            BodyHandlers = ["/"],
        },
    };

    /// <summary>Calls around or beside <c>app.UseInstrumentator()</c>, given an instrumentation or none.</summary>
    private static readonly Dictionary<string, Action<WebApplication, Instrumentation?>> _others =
        new(StringComparer.Ordinal)
        {
            ["the app"] = (app, it) => app.UseInstrumentator(it),
            ["UseWhen"] = (app, it) => app.UseWhen(_ => true, branch => branch.UseInstrumentator(it)),
            ["MapWhen"] = (app, it) => app.MapWhen(
                context => context.Request.Path.StartsWithSegments("/branch"),
                branch => Answer(branch.UseInstrumentator(it))),
            ["Map"] = (app, it) => app.Map("/branch", branch => Answer(branch.UseInstrumentator(it))),
            ["a group"] = (app, it) =>
            {
                IEndpointRouteBuilder group = app.MapGroup("/group");
                group.Map("/x", Answer(group.CreateApplicationBuilder().UseInstrumentator(it)).Build());
            },
        };

    public static TheoryData<string, string, bool> Nestings =>
        new MatrixTheoryData<string, string, bool>(_configs.Keys, [.. _others.Keys, "a startup filter"], [false, true]);

    [Theory]
    [MemberData(nameof(Nestings))]
    public async Task The_same_instrumentation_records_once(string config, string other, bool isOtherFirst)
    {
        await using var app = await StartAsync(config, other, isOtherFirst, null);

        await SendAllAsync(app);

        AssertOnce(app.Registry, other);
        Assert.Empty(app.Log.Of("Instrumentator"));
    }

    [Theory]
    [MemberData(nameof(Nestings))]
    public async Task Another_instrumentation_records_once_as_well(string config, string other, bool isOtherFirst)
    {
        var registry = new Registry();
        var it = Instrumentation.Default.With(_configs[config]).WithRegistry(registry);
        await using var app = await StartAsync(config, other, isOtherFirst, it);

        await SendAllAsync(app);

        // A branch by Map before app.UseInstrumentator() is not inside of it.
        if (other is "Map" or "MapWhen" && isOtherFirst)
            Assert.Equal(["/group/x 2xx 1", "/x 2xx 2", "none 4xx 1"], Requests(app.Registry));
        else
            AssertOnce(app.Registry, other);
        if (other is "Map" or "MapWhen" or "a group")
            Assert.Equal([other is "a group" ? "/group/x 2xx 1" : "none 2xx 1"], Requests(registry));
        else
            AssertOnce(registry, other);
        Assert.Empty(app.Log.Of("Instrumentator"));
    }

    [Theory]
    [MemberData(nameof(Nestings))]
    public async Task Another_instrumentation_with_the_same_families_doubles_no_total(
        string config, string other, bool isOtherFirst)
    {
        await using var app = await StartAsync(
            config,
            other,
            isOtherFirst,
            null,
            it => it.With(rules => rules with { GroupStatusCodes = false }));

        await SendAllAsync(app);

        Assert.Equal(["5"], Values(app.Registry, "http_request_duration_highr_seconds"));
        Assert.StartsWith(
            "Instrumentator Warning 14 Two different instrumentations of this app record in the same metrics.",
            Assert.Single(app.Log.Of("Instrumentator")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_instrumentation_with_other_families_in_the_same_registry_records_once_as_well()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            var it = app.Services.GetRequiredService<Instrumentation>();
            app.UseInstrumentator();
            app.UseInstrumentator(it.WithMetrics(Metrics.Requests(new() { Name = "own_total" })));
            app.MapGet("/x", () => "x");
            app.MapGet("/events", async (HttpContext context) =>
            {
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync("data: x\n\n");
            });
        });

        await app.SendAsync("GET", "/x");
        await app.SendAsync("GET", "/events");

        Assert.Equal(["1", "1"], Values(app.Registry, "http_requests_total"));
        Assert.Equal(["1", "1"], Values(app.Registry, "own_total"));
        Assert.Equal(["1"], Values(app.Registry, "http_long_lived_request_duration_seconds"));
        Assert.Equal(["0"], Values(app.Registry, "http_long_lived_requests_inprogress").Distinct());
        Assert.Empty(app.Log.Of("Instrumentator"));
    }

    [Fact]
    public async Task Each_instrumentation_has_the_label_of_the_route_that_failed_before_an_error_page()
    {
        var (first, second) = (new Registry(), new Registry());
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseInstrumentator(Instrumentation.Default.WithRegistry(first));
            app.UseExceptionHandler("/error");
            app.UseInstrumentator(Instrumentation.Default.WithRegistry(second));
            app.UseRouting();
            app.MapGet("/boom/{id}", string () => throw new InvalidOperationException("boom"));
            app.MapGet("/error", () => "error page");
        });

        await app.SendAsync("GET", "/boom/5");

        Assert.Equal(["/boom/{id} 5xx 1"], Requests(first));
        Assert.Equal(["/boom/{id} 5xx 1"], Requests(second));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Behind_an_error_page_each_instrumentation_records_the_first_run_alone(bool isSame)
    {
        var (first, second) = (new Registry(), new Registry());
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseExceptionHandler("/error");
            app.UseInstrumentator(Instrumentation.Default.WithRegistry(first));
            app.UseInstrumentator(Instrumentation.Default.WithRegistry(isSame ? first : second));
            app.UseRouting();
            app.MapGet("/boom/{id}", string () => throw new InvalidOperationException("boom"));
            app.MapGet("/error", () => "error page");
        });

        await app.SendAsync("GET", "/boom/5");

        Assert.Equal(["/boom/{id} 5xx 1"], Requests(first));
        Assert.Equal(isSame ? [] : ["/boom/{id} 5xx 1"], Requests(second));
    }

    [Fact]
    public async Task Each_instrumentation_reads_the_body_that_it_keeps()
    {
        var read = new List<string>();
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseInstrumentator(Reading("/", 4));
            app.UseInstrumentator(Reading("/x", 2));
            app.MapGet("/x", () => "abcdef");
        });

        await app.SendAsync("GET", "/x");

        Assert.Equal(["2 ab", "4 abcd"], read);

        Instrumentation Reading(string handler, int limit) => Instrumentation.Default
            .WithRegistry(new())
            .With(config => config with { BodyHandlers = [handler], BodyLimit = limit })
            .Add(Metrics.From(info => read.Add(
                $"{limit} {System.Text.Encoding.UTF8.GetString(info.Response.Body.Span)}")));
    }

    [Fact]
    public async Task Rules_that_change_while_the_app_runs_still_record_once()
    {
        var registry = new Registry();
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.UseWhen(_ => true, branch => branch.UseInstrumentator());
                app.MapGet("/x", () => "x");
                app.MapPost("/change", (IConfiguration configuration) =>
                {
                    configuration["Grouped"] = "false";
                    ((IConfigurationRoot)configuration).Reload();
                });
            },
            services: builder =>
            {
                builder.Services.Configure<Rules>(builder.Configuration);
                builder.Services.AddInstrumentator<Rules>((it, rules) => it
                    .WithRegistry(registry)
                    .With(config => config with { GroupStatusCodes = rules.Grouped }));
            });

        await app.SendAsync("GET", "/x");
        await app.SendAsync("POST", "/change");
        await app.SendAsync("GET", "/x");

        Assert.Equal(["/change 2xx 1", "/x 200 1", "/x 2xx 1"], Requests(registry));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task In_a_generic_host_Configure_and_a_startup_filter_record_once(bool isRegistered)
    {
        var registry = new Registry();
        var it = Instrumentation.Default.WithRegistry(registry);
        using var host = await new HostBuilder()
            .ConfigureServices(services =>
            {
                services.AddRouting();
                if (isRegistered)
                    services.AddInstrumentator(it);
                services.AddSingleton<IStartupFilter>(new Filter(isRegistered ? null : it));
            })
            .ConfigureWebHost(web => web.UseTestServer().Configure(app => app
                .UseInstrumentator(isRegistered ? null : it)
                .UseRouting()
                .UseEndpoints(endpoints => endpoints.MapGet("/x", () => "x"))))
            .StartAsync(TestContext.Current.CancellationToken);

        using var client = host.GetTestClient();
        await client.GetAsync(new Uri("/x", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(["/x 2xx 1"], Requests(registry));
    }

    private static Task<TestApp> StartAsync(
        string config,
        string other,
        bool isOtherFirst,
        Instrumentation? it,
        Func<Instrumentation, Instrumentation>? change = null)
    {
        Instrumentation? used = null;
        return TestApp.StartAsync(
            app =>
            {
                used = change?.Invoke(app.Services.GetRequiredService<Instrumentation>()) ?? it;
                if (!isOtherFirst)
                    app.UseInstrumentator();
                if (_others.TryGetValue(other, out var add))
                    add(app, used);
                if (isOtherFirst)
                    app.UseInstrumentator();
                app.MapGet("/x", () => "x");
                if (other is not ("Map" or "MapWhen"))
                    app.MapGet("/branch/x", () => "x");
                if (other != "a group")
                    app.MapGet("/group/x", () => "x");
            },
            it => it.With(_configs[config]),
            builder =>
            {
                if (other == "a startup filter")
                    builder.Services.AddSingleton<IStartupFilter>(_ => new Filter(used));
            });
    }

    private static async Task SendAllAsync(TestApp app)
    {
        foreach (var path in new[] { "/x", "/x", "/branch/x", "/group/x", "/nowhere" })
            await app.SendAsync("GET", path);
    }

    private static void AssertOnce(Registry registry, string other)
    {
        Assert.Equal(
            other is "Map" or "MapWhen"
                ? ["/group/x 2xx 1", "/x 2xx 2", "none 2xx 1", "none 4xx 1"]
                : ["/branch/x 2xx 1", "/group/x 2xx 1", "/x 2xx 2", "none 4xx 1"],
            Requests(registry));
        Assert.Equal(5, Values(registry, "http_requests_total").Sum(int.Parse));
        Assert.Equal(["5"], Values(registry, "http_request_duration_highr_seconds"));
        Assert.All(Values(registry, "http_requests_inprogress"), value => Assert.Equal("0", value));
    }

    private static IApplicationBuilder Answer(IApplicationBuilder branch)
    {
        branch.Run(context => context.Response.WriteAsync("x"));
        return branch;
    }

    private static string[] Requests(Registry registry) =>
    [
        .. registry.Scrape().Families
            .Where(family => family.Definition.Name == "http_requests_total")
            .SelectMany(family => family.Samples)
            .Select(sample => FormattableString.Invariant(
                $"{sample.Labels.Values[0]} {sample.Labels.Values[2]} {NumberOf(sample.Value)}"))
            .Order(StringComparer.Ordinal),
    ];

    private static string[] Values(Registry registry, string family) =>
    [
        .. registry.Scrape().Families
            .Where(one => one.Definition.Name == family)
            .SelectMany(one => one.Samples)
            .Select(sample => FormattableString.Invariant($"{NumberOf(sample.Value)}")),
    ];

    private static double NumberOf(SampleValue value) => value.Match(
        counter => counter.Value, gauge => gauge.Value, histogram => histogram.Count, summary => summary.Sum);

    private sealed class Rules
    {
        public bool Grouped { get; set; } = true;
    }

    private sealed class Filter(Instrumentation? it) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseInstrumentator(it);
            next(app);
        };
    }
}
