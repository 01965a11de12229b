using Instrumentator.Testing;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator.Tests;

/// <summary>Tests of an app change its instrumentation in <c>ConfigureTestServices</c>.</summary>
public sealed class FactoryTests
{
    [Fact]
    public async Task A_function_changes_the_instrumentation_of_the_app()
    {
        // snippet:factory
        var registry = new Registry();
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(builder =>
            builder.ConfigureTestServices(services =>
                services.AddInstrumentator(it => it.WithRegistry(registry))));
        using var client = factory.CreateClient();
        // endsnippet
        await client.GetAsync(new Uri("/products", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(1, registry.Value("http_requests_total", ("handler", "/products")));
        Assert.Equal(1, registry.Count("shop_http_combined_size_bytes"));
        Assert.Equal(0, registry.Value("http_requests_inprogress", ("handler", "/products")));
        Assert.Same(registry, factory.Services.GetRequiredService<Registry>());
    }

    [Fact]
    public async Task A_value_replaces_the_instrumentation_of_the_app()
    {
        var registry = new Registry();
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(builder =>
            builder.ConfigureTestServices(services =>
                services.AddInstrumentator(Instrumentation.Default.WithRegistry(registry))));
        using var client = factory.CreateClient();

        await client.GetAsync(new Uri("/products", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(1, registry.Value("http_requests_total", ("handler", "/products")));
        Assert.DoesNotContain("shop_http_combined_size_bytes", registry.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_among_the_services_is_that_of_the_app()
    {
        var registry = new Registry();
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(builder =>
            builder.ConfigureTestServices(services => services.AddSingleton(registry)));
        using var client = factory.CreateClient();

        await client.GetAsync(new Uri("/products", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(1, registry.Value("http_requests_total", ("handler", "/products")));
    }
}
