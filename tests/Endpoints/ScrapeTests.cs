using System.Buffers;
using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Metadata;

namespace Instrumentator.Tests;

public sealed class ScrapeTests
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";

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
        var snapshot = await app.Registry.ScrapeAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExpositionFormat.Prometheus.ToText(snapshot), Encoding.UTF8.GetString(text));
    }

    [Theory]
    [InlineData(
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        OpenMetrics)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", ContentType)]
    public async Task A_reader_gets_the_format_that_it_prefers(string accepted, string contentType)
    {
        await using var app = await StartAsync();
        await app.SendAsync("GET", "/x");

        var response = await SendAsync(app, HttpMethod.Get, ("Accept", accepted));

        var format = Assert.Single(ExpositionFormat.All, format => format.ContentType == contentType);
        var expected = new ArrayBufferWriter<byte>();
        format.Write(await app.Registry.ScrapeAsync(TestContext.Current.CancellationToken), expected);
        Assert.Equal(contentType, response.Content.Headers.ContentType!.ToString());
        Assert.Equal(
            expected.WrittenSpan.ToArray(),
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("*/*", "gzip", false)]
    [InlineData("*/*", "gzip", true)]
    [InlineData("application/openmetrics-text", "br", true)]
    [InlineData("application/openmetrics-text", "gzip", true)]
    public async Task HEAD_has_the_headers_of_GET_and_no_body(string accepted, string encoding, bool gzip)
    {
        await using var app = await StartAsync(new ScrapeOptions { Gzip = gzip });

        var get = await SendAsync(app, HttpMethod.Get, ("Accept", accepted), ("Accept-Encoding", encoding));
        var head = await SendAsync(app, HttpMethod.Head, ("Accept", accepted), ("Accept-Encoding", encoding));

        Assert.Equal(Headers(get), Headers(head));
        Assert.True(head.Content.Headers.ContentLength > 0);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Other_methods_are_not_allowed()
    {
        await using var app = await StartAsync();

        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await app.SendAsync("POST", "/metrics")).StatusCode);
    }

    [Theory]
    [InlineData("GET", false)]
    [InlineData("GET", true)]
    [InlineData("HEAD", true)]
    public async Task An_empty_registry_is_an_empty_scrape(string method, bool gzip)
    {
        await using var app = await TestApp.StartAsync(app => app.MapInstrumentator(options: new() { Gzip = gzip }));

        var response = await SendAsync(app, new HttpMethod(method), ("Accept-Encoding", "gzip"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, response.Content.Headers.ContentLength);
        Assert.Empty(response.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task A_failed_scrape_has_no_body_for_HEAD_but_its_length()
    {
        await using var app = await TestApp.StartAsync(app => app.MapInstrumentator());
        app.Registry.Include(new Failing());

        var get = await SendAsync(app, HttpMethod.Get);
        var head = await SendAsync(app, HttpMethod.Head);

        Assert.Equal(HttpStatusCode.InternalServerError, head.StatusCode);
        Assert.Equal(Headers(get), Headers(head));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 2)]
    public async Task Scrapes_are_measured_only_if_enabled(bool measured, int requests)
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
    public async Task Gzip_is_used_if_enabled_and_accepted_by_the_reader(bool gzip, string? accepted, bool compressed)
    {
        await using var app = await StartAsync(new ScrapeOptions { Gzip = gzip });

        var response = await SendAsync(app, HttpMethod.Get, ("Accept-Encoding", accepted));
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal(compressed ? ["gzip"] : [], response.Content.Headers.ContentEncoding);
        Assert.Equal(gzip ? ["Accept", "Accept-Encoding"] : ["Accept"], response.Headers.Vary);
        Assert.Equal(bytes.Length, response.Content.Headers.ContentLength);
        var snapshot = await app.Registry.ScrapeAsync(TestContext.Current.CancellationToken);
        var text = Encoding.UTF8.GetString(compressed ? Decompress(bytes) : bytes);
        Assert.Equal(ExpositionFormat.Prometheus.ToText(snapshot), text);
    }

    // From this length on, gzip makes such a text shorter; below it, compression gains nothing.
    [Theory]
    [InlineData(Renderer.MinToCompress - 1, false)]
    [InlineData(Renderer.MinToCompress, true)]
    public async Task A_text_too_short_to_compress_is_sent_uncompressed(int length, bool compressed)
    {
        await using var app = await TestApp.StartAsync(app => app.MapInstrumentator(options: new() { Gzip = true }));
        const string Rest = "# HELP requests \n# TYPE requests gauge\nrequests 0\n";
        app.Registry.Gauge(
            "requests",
            "Requests that are waiting for an answer, in all, by method, by status and handler"[
                ..(length - Rest.Length)
            ]);

        var get = await SendAsync(app, HttpMethod.Get, ("Accept-Encoding", "gzip"));
        var head = await SendAsync(app, HttpMethod.Head, ("Accept-Encoding", "gzip"));

        Assert.Equal(compressed ? ["gzip"] : [], get.Content.Headers.ContentEncoding);
        Assert.Equal(["Accept", "Accept-Encoding"], get.Headers.Vary);
        Assert.True(
            compressed ? get.Content.Headers.ContentLength < length : get.Content.Headers.ContentLength == length,
            $"{get.Content.Headers.ContentLength}");
        Assert.Equal(Headers(get), Headers(head));
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
        var metadata = app
            .Server.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.Single(one => one.DisplayName == "Prometheus metrics")
            .Metadata;
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
                builder
                    .Services.AddAuthentication("none")
                    .AddScheme<AuthenticationSchemeOptions, NoAuthentication>("none", null);
            });

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.SendAsync("GET", "/metrics")).StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        TestApp app,
        HttpMethod method,
        params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, "/metrics");
        foreach (var (name, value) in headers.Where(header => header.Value is not null))
            request.Headers.TryAddWithoutValidation(name, value);
        return await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static IEnumerable<string> Headers(HttpResponseMessage response) =>
        response
            .Headers.Concat(response.Content.Headers)
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");

    private static byte[] Decompress(byte[] bytes)
    {
        using var plain = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    private static Task<TestApp> StartAsync(
        ScrapeOptions? options = null,
        Action<IEndpointConventionBuilder>? conventions = null,
        Action<WebApplicationBuilder>? services = null
    ) =>
        TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                (conventions ?? (_ => { }))(app.MapInstrumentator(options: options));
                app.MapGet("/x", () => "x");
            },
            services: services);

    private sealed class Failing : IMetricCollector
    {
        public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("secret");
    }

    private sealed class NoAuthentication(
        Microsoft.Extensions.Options.IOptionsMonitor<AuthenticationSchemeOptions> options,
        Microsoft.Extensions.Logging.ILoggerFactory logger,
        System.Text.Encodings.Web.UrlEncoder encoder
    ) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(AuthenticateResult.NoResult());
    }
}
