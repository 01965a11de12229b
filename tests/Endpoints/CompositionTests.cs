using Instrumentator.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Options;

namespace Instrumentator.Tests;

/// <summary>Calls of <c>AddInstrumentator</c> compose, in order.</summary>
public sealed class CompositionTests
{
    [Fact]
    public void Without_a_call_that_changes_anything_it_is_the_default()
    {
        using var services = Services(it => it.AddInstrumentator().AddInstrumentator());

        Assert.Same(Instrumentation.Default, services.GetRequiredService<Instrumentation>());
        Assert.Same(Registry.Default, services.GetRequiredService<Registry>());
    }

    [Fact]
    public void Functions_change_what_came_before_and_each_runs_once()
    {
        var runs = new List<string>();
        using var services = Services(it => it
            .AddInstrumentator()
            .AddInstrumentator(Ungrouped("first", runs))
            .AddInstrumentator()
            .AddInstrumentator(it =>
            {
                runs.Add($"second, after GroupStatusCodes = {it.Config.GroupStatusCodes}");
                return it.With(config => config with { BodyLimit = 7 });
            }));

        var config = services.GetRequiredService<Instrumentation>().Config;
        Assert.Same(config, services.GetRequiredService<Instrumentation>().Config);
        _ = services.GetRequiredService<Registry>();

        Assert.Equal(Config.Default with { GroupStatusCodes = false, BodyLimit = 7 }, config);
        Assert.Equal(["first", "second, after GroupStatusCodes = False"], runs);
    }

    [Fact]
    public void A_value_replaces_what_came_before()
    {
        var value = Instrumentation.Default.WithRegistry(new());
        var runs = new List<string>();
        using var services = Services(it => it
            .AddInstrumentator(Instrumentation.Default.With(config => config with { BodyLimit = 7 }))
            .AddInstrumentator(value)
            .AddInstrumentator(Ungrouped("after", runs)));

        Assert.Equal(
            value with { Config = Config.Default with { GroupStatusCodes = false } },
            services.GetRequiredService<Instrumentation>());
    }

    [Fact]
    public void An_instrumentation_that_the_app_registers_itself_is_a_value_too()
    {
        var value = Instrumentation.Default.WithRegistry(new());
        var created = Instrumentation.Default.WithRegistry(new());
        using var changed = Services(it => it
            .AddSingleton(value)
            .AddInstrumentator()
            .AddInstrumentator(it => it.With(config => config with { BodyLimit = 7 })));
        using var last = Services(it => it
            .AddInstrumentator(it => it.With(config => config with { BodyLimit = 7 }))
            .AddSingleton(_ => created)
            .AddInstrumentator());
        using var alone = Services(it => it.AddInstrumentator().AddSingleton(value));

        Assert.Equal(
            value.With(config => config with { BodyLimit = 7 }),
            changed.GetRequiredService<Instrumentation>());
        Assert.Same(created, last.GetRequiredService<Instrumentation>());
        Assert.Same(value.Registry, alone.GetRequiredService<Registry>());
    }

    [Fact]
    public async Task Options_take_part_in_the_order_and_follow_changes()
    {
        var registry = new Registry();
        IConfiguration? configuration = null;
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapGet("/x", () => "x");
                app.MapGet("/hidden", () => "x");
                configuration = app.Configuration;
            },
            services: builder =>
            {
                builder.Services.Configure<Rules>(builder.Configuration);
                builder.Services
                    .AddInstrumentator(it => it.WithRegistry(registry))
                    .AddInstrumentator<Rules>((it, rules) => it.With(config => config with
                    {
                        GroupStatusCodes = rules.Grouped,
                        ExcludedHandlers = ["never"],
                    }))
                    .AddInstrumentator(it => it.With(config => config with { ExcludedHandlers = ["hidden"] }));
            });

        await app.SendAsync("GET", "/x");
        await app.SendAsync("GET", "/hidden");
        Change("Grouped", "false");
        await app.SendAsync("GET", "/x");
        Change("Other", "1");

        Assert.Equal(1, registry.Value("http_requests_total", ("handler", "/x"), ("status", "2xx")));
        Assert.Equal(1, registry.Value("http_requests_total", ("handler", "/x"), ("status", "200")));
        Assert.DoesNotContain("hidden", registry.ToText(), StringComparison.Ordinal);
        Assert.Empty(app.Requests());
        Assert.Single(app.Log.Of("Instrumentator Information 7"));

        void Change(string key, string value)
        {
            configuration![key] = value;
            ((IConfigurationRoot)configuration).Reload();
        }
    }

    [Fact]
    public async Task A_value_after_options_follows_them_no_more()
    {
        var (options, registry) = (new ChangingOptions<Rules>(new()), new Registry());
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapGet("/x", () => "x");
            },
            services: builder => builder.Services
                .AddSingleton<IOptionsMonitor<Rules>>(options)
                .AddInstrumentator<Rules>((it, rules) =>
                    it.With(config => config with { GroupStatusCodes = rules.Grouped }))
                .AddInstrumentator(Instrumentation.Default.WithRegistry(registry)));

        options.Change(new() { Grouped = false });
        await app.SendAsync("GET", "/x");

        Assert.Equal(1, registry.Value("http_requests_total", ("status", "2xx")));
        Assert.Empty(app.Log.Of("Instrumentator"));
    }

    [Fact]
    public async Task An_instrumentation_that_replaces_the_one_with_options_does_not_follow_them()
    {
        var (options, registry) = (new ChangingOptions<Rules>(new()), new Registry());
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                options.Change(new() { Grouped = false });
                app.MapGet("/x", () => "x");
            },
            services: builder => builder.Services
                .AddSingleton<IOptionsMonitor<Rules>>(options)
                .AddInstrumentator<Rules>((it, rules) =>
                    it.With(config => config with { GroupStatusCodes = rules.Grouped }))
                .AddSingleton(Instrumentation.Default.WithRegistry(registry)));

        await app.SendAsync("GET", "/x");
        options.Change(new());
        await app.SendAsync("GET", "/x");

        Assert.Equal(2, registry.Value("http_requests_total", ("status", "2xx")));
        Assert.Empty(app.Requests());
    }

    [Fact]
    public async Task Changes_of_options_are_followed_until_the_services_are_disposed()
    {
        var options = new ChangingOptions<Rules>(new());
        await using (var services = Services(it => it
            .AddSingleton<IOptionsMonitor<Rules>>(options)
            .AddInstrumentator<Rules>((it, _) => it)))
        {
            _ = services.GetRequiredService<Instrumentation>();
            Assert.Equal(1, options.Listeners);
        }

        Assert.Equal(0, options.Listeners);
    }

    [Fact]
    public void A_function_that_returns_null_is_an_error_that_names_it_and_what_to_return()
    {
        using var plain = Services(it => it.AddInstrumentator(it => it).AddInstrumentator(_ => null!));
        using var withOptions = Services(it => it.AddInstrumentator<Rules>((_, _) => null!));

        foreach (var services in new[] { plain, withOptions })
        {
            var error = Assert.Throws<InvalidOperationException>(services.GetRequiredService<Instrumentation>);
            Assert.Equal(
                "The function that Instrumentator.Tests.CompositionTests."
                    + "A_function_that_returns_null_is_an_error_that_names_it_and_what_to_return "
                    + "gives to AddInstrumentator returned null. "
                    + "Return an instrumentation: the argument itself to change nothing.",
                error.Message);
        }
    }

    [Fact]
    public void A_null_argument_is_an_error_at_once()
    {
        var services = new ServiceCollection();

        Assert.Throws<ArgumentNullException>(() => services.AddInstrumentator((Instrumentation)null!));
        Assert.Throws<ArgumentNullException>(
            () => services.AddInstrumentator((Func<Instrumentation, Instrumentation>)null!));
        Assert.Throws<ArgumentNullException>(
            () => services.AddInstrumentator<Rules>((Func<Instrumentation, Rules, Instrumentation>)null!));
    }

    [Fact]
    public async Task A_function_that_returns_null_fails_the_start()
    {
        var runs = 0;

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TestApp.StartAsync(
            app => app.UseInstrumentator(),
            services: builder => builder.Services.AddInstrumentator(_ =>
            {
                runs++;
                return null!;
            })));

        Assert.Contains("AddInstrumentator returned null", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, runs);
    }

    public static TheoryData<string> Registrations => ["instance", "factory", "type"];

    [Theory]
    [MemberData(nameof(Registrations))]
    public void A_registry_that_the_app_registers_takes_the_place_of_the_default_one(string how)
    {
        var chosen = new Registry();
        using var before = Services(it => Register(it).AddInstrumentator(it =>
        {
            it.Registry.Counter("own_total", "Registered in the same registry.");
            return it;
        }));
        using var after = Services(it => Register(it.AddInstrumentator()));
        using var value = Services(it => Register(it).AddInstrumentator(Instrumentation.Default));
        using var other = Services(it => Register(it).AddInstrumentator(it => it.WithRegistry(chosen)));

        Assert.Contains("own_total", RegistryOf(before).ToText(), StringComparison.Ordinal);
        foreach (var services in new[] { before, after, value })
        {
            Assert.NotSame(Registry.Default, RegistryOf(services));
            Assert.Same(services.GetRequiredService<Registry>(), RegistryOf(services));
        }
        Assert.Same(chosen, RegistryOf(other));
        Assert.NotSame(chosen, other.GetRequiredService<Registry>());

        static Registry RegistryOf(IServiceProvider services) =>
            services.GetRequiredService<Instrumentation>().Registry;

        IServiceCollection Register(IServiceCollection services) => how switch
        {
            "instance" => services.AddSingleton(new Registry()),
            "factory" => services.AddSingleton(_ => new Registry()),
            _ => services.AddSingleton<Registry, Registry>(),
        };
    }

    [Fact]
    public void A_registry_that_the_app_creates_from_the_instrumentation_is_an_error_with_the_way_out()
    {
        using var services = Services(it => it
            .AddInstrumentator()
            .AddSingleton(provider => provider.GetRequiredService<Instrumentation>().Registry));

        var error = Assert.Throws<InvalidOperationException>(services.GetRequiredService<Instrumentation>);

        Assert.Contains("Remove the registration", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AddInstrumentator")]
    [InlineData("AddInstrumentatorStartupFilter")]
    [InlineData("neither")]
    public async Task The_registry_among_the_services_is_the_one_that_requests_are_recorded_in(string how)
    {
        Registry? resolved = null;
        var registry = new Registry();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton(registry);
        if (how == "AddInstrumentator")
            builder.Services.AddInstrumentator();
        if (how == "AddInstrumentatorStartupFilter")
            builder.Services.AddInstrumentatorStartupFilter();
        await using var app = builder.Build();
        if (how != "AddInstrumentatorStartupFilter")
            app.UseInstrumentator();
        app.MapGet("/x", (Registry injected) =>
        {
            resolved = injected;
            return "x";
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = app.GetTestClient();

        await client.GetStringAsync(new Uri("/x", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Same(registry, resolved);
        Assert.Equal(1, registry.Value("http_requests_total", ("handler", "/x")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_the_startup_filter_alone_the_registry_is_that_of_UseInstrumentator(bool isCalled)
    {
        var registry = new Registry();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddInstrumentatorStartupFilter();
        await using var app = builder.Build();
        if (isCalled)
            app.UseInstrumentator(Instrumentation.Default.WithRegistry(registry));

        Assert.Same(isCalled ? registry : Registry.Default, app.Services.GetRequiredService<Registry>());
    }

    [Fact]
    public async Task The_calls_of_the_documentation_compose_and_a_service_gets_the_registry()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        var registry = new Registry();
        // snippet:compose
        // In a library of service defaults:
        builder.Services.AddInstrumentator(Instrumentation.Default
            .With(config => config with { ExcludedHandlers = ["^/health$"], GroupStatusCodes = false }));

        // In the app, which keeps these rules:
        builder.Services.AddInstrumentator(it => it.WithRegistry(registry));
        // endsnippet
        // snippet:injected-registry
        builder.Services.AddSingleton<Orders>();
        // endsnippet
        await using var app = builder.Build();
        app.UseInstrumentator();
        app.MapGet("/orders", (Orders orders) => orders.Take());
        app.MapGet("/health", () => "healthy");
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = app.GetTestClient();

        foreach (var path in new[] { "/orders", "/health" })
            await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(1, registry.Value("orders_total"));
        Assert.Equal(1, registry.Value("http_requests_total", ("handler", "/orders"), ("status", "200")));
        Assert.DoesNotContain("/health", registry.ToText(), StringComparison.Ordinal);
    }

    // snippet:injected-registry-class
    public sealed class Orders(Registry registry)
    {
        private readonly Counter _taken = registry.Counter("orders_total", "Orders taken.");

        public void Take() => _taken.Increment();
    }
    // endsnippet

    private static Func<Instrumentation, Instrumentation> Ungrouped(string name, List<string> runs) => it =>
    {
        runs.Add(name);
        return it.With(config => config with { GroupStatusCodes = false });
    };

    private static ServiceProvider Services(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        add(services);
        return services.BuildServiceProvider(
            new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    private sealed class Rules
    {
        public bool Grouped { get; set; } = true;
    }
}
