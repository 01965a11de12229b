using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Metadata;

namespace Instrumentator.Tests;

public sealed class ScrapeTests
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    [Fact]
    public async Task A_scrape_is_the_whole_text_with_its_length_and_its_exact_type()
    {
        await using var app = await StartAsync();
        await app.SendAsync("GET", "/x");

        var response = await app.SendAsync("GET", "/metrics");
        var text = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(ContentType, response.Content.Headers.ContentType!.ToString());
        Assert.Equal(text.Length, response.Content.Headers.ContentLength);
        Assert.Equal(PrometheusText.ToText(await app.Registry.ScrapeAsync(TestContext.Current.CancellationToken)), Encoding.UTF8.GetString(text));
    }

    [Fact]
    public async Task HEAD_has_the_headers_and_no_body()
    {
        await using var app = await StartAsync();

        var response = await app.SendAsync("HEAD", "/metrics");

        Assert.Equal(ContentType, response.Content.Headers.ContentType!.ToString());
        Assert.True(response.Content.Headers.ContentLength > 0);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Other_methods_are_not_allowed()
    {
        await using var app = await StartAsync();

        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await app.SendAsync("POST", "/metrics")).StatusCode);
    }

    [Fact]
    public async Task An_empty_registry_is_an_empty_scrape()
    {
        await using var app = await TestApp.StartAsync(app => app.MapInstrumentator());

        var response = await app.SendAsync("GET", "/metrics");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, response.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 2)]
    public async Task Scrapes_leave_no_trace_unless_they_are_asked_to(bool measured, int requests)
    {
        await using var app = await StartAsync(new ScrapeOptions { Measured = measured });

        await app.SendAsync("GET", "/metrics");
        await app.SendAsync("GET", "/metrics");

        Assert.Equal(requests == 0 ? [] : [$"GET /metrics 2xx {requests}"], app.Requests());
    }

    [Theory]
    [InlineData(true, "gzip", true)]
    [InlineData(true, "deflate, gzip;q=0.5, br", true)]
    [InlineData(true, "x-gzip", true)]
    [InlineData(true, "GZIP", true)]
    [InlineData(true, "X-Gzip", true)]
    [InlineData(true, "gzip;q=0", false)]
    [InlineData(true, "gzip; q=0.0", false)]
    [InlineData(true, "gzip;q=high", false)]
    [InlineData(true, "*", false)]
    [InlineData(true, "deflate, br", false)]
    [InlineData(true, "notgzip", false)]
    [InlineData(true, null, false)]
    [InlineData(false, "gzip", false)]
    public async Task Gzip_is_for_those_who_ask_where_it_was_chosen(bool gzip, string? accepted, bool compressed)
    {
        await using var app = await StartAsync(new ScrapeOptions { Gzip = gzip });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (accepted is not null)
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);

        var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal(compressed ? ["gzip"] : [], response.Content.Headers.ContentEncoding);
        Assert.Equal(gzip ? ["Accept-Encoding"] : [], response.Headers.Vary);
        Assert.Equal(bytes.Length, response.Content.Headers.ContentLength);
        Assert.Equal(PrometheusText.ToText(await app.Registry.ScrapeAsync(TestContext.Current.CancellationToken)), Encoding.UTF8.GetString(compressed ? Decompress(bytes) : bytes));
    }

    [Fact]
    public void A_header_of_thousands_of_items_is_not_read_to_its_end()
    {
        Assert.False(AcceptEncoding.TakesGzip(string.Concat(Enumerable.Repeat("x,", 100_000)) + "gzip"));
    }

    [Fact]
    public async Task Conventions_apply_as_to_any_endpoint()
    {
        await using var app = await StartAsync(conventions: endpoint => endpoint
            .RequireHost("metrics.local").WithTags("operations").ExcludeFromDescription());

        Assert.Equal(HttpStatusCode.NotFound, (await app.SendAsync("GET", "/metrics")).StatusCode);
        app.Client.DefaultRequestHeaders.Host = "metrics.local";
        Assert.Equal(HttpStatusCode.OK, (await app.SendAsync("GET", "/metrics")).StatusCode);
        var metadata = app.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.Single(one => one.DisplayName == "Prometheus metrics").Metadata;
        Assert.Equal(["operations"], metadata.GetRequiredMetadata<ITagsMetadata>().Tags);
        Assert.True(metadata.GetRequiredMetadata<IExcludeFromDescriptionMetadata>().ExcludeFromDescription);
    }

    [Fact]
    public async Task A_policy_guards_the_endpoint()
    {
        await using var app = await StartAsync(
            conventions: endpoint => endpoint.RequireAuthorization(),
            services: builder =>
            {
                builder.Services.AddAuthorization();
                builder.Services.AddAuthentication("none").AddScheme<AuthenticationSchemeOptions, NoAuthentication>("none", null);
            });

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.SendAsync("GET", "/metrics")).StatusCode);
    }

    private static byte[] Decompress(byte[] bytes)
    {
        using var plain = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    private static Task<TestApp> StartAsync(
        ScrapeOptions? options = null, Action<IEndpointConventionBuilder>? conventions = null, Action<WebApplicationBuilder>? services = null) =>
        TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                (conventions ?? (_ => { }))(app.MapInstrumentator(options: options));
                app.MapGet("/x", () => "x");
            },
            services: services);

    private sealed class NoAuthentication(
        Microsoft.Extensions.Options.IOptionsMonitor<AuthenticationSchemeOptions> options,
        Microsoft.Extensions.Logging.ILoggerFactory logger,
        System.Text.Encodings.Web.UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
    }
}
