using System.Net.Http.Headers;
using Asp.Versioning;

namespace Instrumentator.Versioning.Tests;

/// <summary>The labels of requests that Asp.Versioning rejects in place of a route.</summary>
public sealed class RejectionTests
{
    [Theory]
    [InlineData("/things/1?api-version=9.0")]
    [InlineData("/things/1?api-version=zz")]
    [InlineData("/things/1?api-version=1.0&api-version=2.0")]
    [InlineData("/things/1")]
    public async Task A_version_in_the_query_that_is_rejected_has_the_label_of_the_route(string path)
    {
        await using var app = await StartAsync(new QueryStringApiVersionReader());

        await RejectAsync(app, StatusCodes.Status400BadRequest, path);

        Assert.Equal(["GET / 2xx 1", "GET /things/{id} 4xx 1"], app.Requests());
    }

    [Theory]
    [InlineData("9.0")]
    [InlineData("zz")]
    [InlineData(null)]
    public async Task A_version_in_a_header_that_is_rejected_has_the_label_of_the_route(string? version)
    {
        await using var app = await StartAsync(new HeaderApiVersionReader("X-Version"));
        if (version is not null)
            app.Client.DefaultRequestHeaders.Add("X-Version", version);

        await RejectAsync(app, StatusCodes.Status400BadRequest, "/things/1");

        Assert.Equal(["GET / 2xx 1", "GET /things/{id} 4xx 1"], app.Requests());
    }

    [Theory]
    [InlineData("application/json; v=9.0", StatusCodes.Status406NotAcceptable)]
    [InlineData("application/json", StatusCodes.Status400BadRequest)]
    public async Task A_version_in_the_media_type_that_is_rejected_has_the_label_of_the_route(string accept, int status)
    {
        await using var app = await StartAsync(new MediaTypeApiVersionReader());
        app.Client.DefaultRequestHeaders.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));

        await RejectAsync(app, status, "/things/1");

        Assert.Equal(["GET / 2xx 1", "GET /things/{id} 4xx 1"], app.Requests());
    }

    [Fact]
    public async Task A_version_in_the_content_type_that_is_rejected_has_the_label_of_the_route()
    {
        await using var app = await StartAsync(new MediaTypeApiVersionReader());
        using var content = new StringContent("{}", MediaTypeHeaderValue.Parse("application/json; v=9.0"));

        var response = await app.Client.PostAsync(
            new Uri("/things", UriKind.Relative), content, TestContext.Current.CancellationToken);

        Assert.Equal(StatusCodes.Status415UnsupportedMediaType, (int)response.StatusCode);
        Assert.Equal(["POST /things 4xx 1"], app.Requests());
    }

    [Theory]
    [InlineData("/v1/orders/5", 200, "GET /v{version}/orders/{id} 2xx 1")]
    [InlineData("/v9x/orders/5", 400, "GET /v{version}/orders/{id} 4xx 1")]
    [InlineData("/v9/orders/5", 404, "GET none 4xx 1")]
    public async Task A_version_in_the_path_that_is_rejected_has_the_label_of_the_route_unless_it_is_a_404(
        string path, int status, string series)
    {
        await using var app = await StartAsync(ApiVersionReader.Default);

        await RejectAsync(app, status, path);

        Assert.Equal(["GET / 2xx 1", series], app.Requests());
    }

    [Theory]
    [InlineData("GET", "/controlled/1?api-version=1.0", "GET /controlled/{id} 2xx 1")]
    [InlineData("GET", "/controlled/1?api-version=9.0", "GET /controlled/{id} 4xx 1")]
    [InlineData("GET", "/controlled/1?api-version=zz", "GET /controlled/{id} 4xx 1")]
    [InlineData("GET", "/controlled/1", "GET /controlled/{id} 4xx 1")]
    [InlineData("POST", "/controlled/1?api-version=1.0", "POST /controlled/{id} 4xx 1")]
    [InlineData("GET", "/nowhere?api-version=9.0", "GET none 4xx 1")]
    public async Task Controllers_are_labeled_alike(string method, string path, string series)
    {
        await using var app = await StartAsync(new QueryStringApiVersionReader());

        await app.SendAsync(method, path);

        Assert.Equal([series], app.Requests());
    }

    [Fact]
    public async Task A_rejection_with_another_status_code_is_labeled_alike()
    {
        await using var app = await StartAsync(
            new QueryStringApiVersionReader(), options => options.UnsupportedApiVersionStatusCode = 501);

        await RejectAsync(app, StatusCodes.Status501NotImplemented, "/things/1?api-version=9.0");

        Assert.Equal(["GET / 2xx 1", "GET /things/{id} 5xx 1"], app.Requests());
    }

    [Fact]
    public async Task With_LabelRejected_off_a_rejection_is_a_request_without_a_route()
    {
        await using var app = await StartAsync(
            new QueryStringApiVersionReader(), rules: config => config with { LabelRejected = false });

        await RejectAsync(app, StatusCodes.Status400BadRequest, "/things/1?api-version=9.0");

        Assert.Equal(["GET / 2xx 1", "GET none 4xx 1"], app.Requests());
    }

    [Fact]
    public async Task A_rejection_is_in_progress_under_the_label_of_the_route()
    {
        await using var app = await StartAsync(
            new QueryStringApiVersionReader(), rules: config => config with { InProgress = new() { Labels = true } });

        await RejectAsync(app, StatusCodes.Status400BadRequest, "/things/1?api-version=9.0");

        Assert.Equal(
            ["/ 0", "/things/{id} 0"], app.Series("http_requests_inprogress", labels => labels.Values[0]));
    }

    private static async Task RejectAsync(TestApp app, int status, string path)
    {
        Assert.Equal(StatusCodes.Status200OK, (int)(await app.SendAsync("GET", "/")).StatusCode);
        Assert.Equal(status, (int)(await app.SendAsync("GET", path)).StatusCode);
    }

    private static Task<TestApp> StartAsync(
        IApiVersionReader reader,
        Action<ApiVersioningOptions>? versioning = null,
        Func<Config, Config>? rules = null) => TestApp.StartAsync(
            Configure,
            it => it.With(rules ?? (config => config)),
            builder =>
            {
                builder.Services.AddControllers().AddApplicationPart(typeof(RejectionTests).Assembly);
                builder.Services
                    .AddApiVersioning(options =>
                    {
                        options.ApiVersionReader = reader;
                        versioning?.Invoke(options);
                    })
                    .AddMvc();
            });

    private static void Configure(WebApplication app)
    {
        app.UseInstrumentator();
        app.MapGet("/", () => "home");
        var versions = app.NewApiVersionSet()
            .HasApiVersion(new ApiVersion(1))
            .HasApiVersion(new ApiVersion(2))
            .Build();
        app.MapGet("/things/{id}", (string id) => id).WithApiVersionSet(versions);
        app.MapPost("/things", () => "created").WithApiVersionSet(versions);
        app.MapGet("/v{version:apiVersion}/orders/{id}", (string id) => id).WithApiVersionSet(versions);
        app.MapControllers();
    }
}
