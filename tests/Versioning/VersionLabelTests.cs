using Asp.Versioning;

namespace Instrumentator.Versioning.Tests;

/// <summary>The API version as a label.</summary>
public sealed class VersionLabelTests
{
    // snippet:api-version
    private static readonly RequestLabel _apiVersion = RequestLabel.From(
        "api_version",
        request => VersionOf(request.HttpContext().Features.Get<IApiVersioningFeature>()),
        ["1.0", "2.0"],
        other: "none");

    // For a request with several versions, RequestedApiVersion throws.
    private static string? VersionOf(IApiVersioningFeature? feature) =>
        feature is { RawRequestedApiVersions.Count: <= 1 } ? feature.RequestedApiVersion?.ToString("VV") : null;
    // endsnippet

    [Theory]
    [InlineData("/things/1?api-version=1.0", "1.0")]
    [InlineData("/things/1?api-version=1", "1.0")]
    [InlineData("/things/1?api-version=2.0", "2.0")]
    [InlineData("/things/1", "2.0")]
    [InlineData("/things/1?api-version=9.0", "none")]
    [InlineData("/things/1?api-version=zz", "none")]
    [InlineData("/things/1?api-version=1.0&api-version=2.0", "none")]
    [InlineData("/nowhere", "none")]
    public async Task The_API_version_is_a_label_from_a_list(string path, string version)
    {
        await using var app = await TestApp.StartAsync(
            Configure, it => it.WithDefaultMetrics(new() { ExtraRequestLabels = [_apiVersion] }), AddVersions);

        await app.SendAsync("GET", path);

        Assert.Equal(
            [$"{version} 1"],
            app.Series("http_requests_total", labels => labels.Values[labels.Names.ToList().IndexOf("api_version")]));
        Assert.Empty(app.Log.Of("Instrumentator"));
    }

    private static void AddVersions(WebApplicationBuilder builder) => builder.Services.AddApiVersioning(options =>
    {
        options.ApiVersionReader = new QueryStringApiVersionReader();
        options.DefaultApiVersion = new ApiVersion(2);
        options.AssumeDefaultVersionWhenUnspecified = true;
    });

    private static void Configure(WebApplication app)
    {
        app.UseInstrumentator();
        var versions = app.NewApiVersionSet().HasApiVersion(new ApiVersion(1)).HasApiVersion(new ApiVersion(2)).Build();
        app.MapGet("/things/{id}", (string id) => id).WithApiVersionSet(versions);
    }
}
