using Instrumentator.Shared;

namespace Instrumentator.EndToEnd.Packages;

/// <summary>Apps of the SDK's templates with our packages, added as a user adds them.</summary>
public sealed class FreshAppTests(PackedPackages packages)
{
    private const string Count = """Registry.Default.Counter("rounds_total", "Rounds.").Increment();""";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("webapi", "/weatherforecast", "/weatherforecast")]
    [InlineData("mvc", "/Home/Privacy", "/Home/Privacy/{id}")]
    [InlineData("blazor", "/counter", "/counter")]
    public async Task Two_lines_count_the_requests_of_a_new_web_app(string template, string path, string handler)
    {
        using var fresh = await CreateAsync(template);
        await fresh.AddAsync("Instrumentator");
        fresh.Edit(
            "Program.cs",
            ("var app = builder.Build();",
            """
            var app = builder.Build();
            app.UseInstrumentator();
            app.MapInstrumentator();
            """));

        await using var app = await fresh.StartAsync();

        await AssertCountedAsync(app, path, handler);
    }

    // Outside Development, as here, somebody has to decide who may see it.
    [Fact]
    public async Task One_line_more_shows_a_new_web_app_live()
    {
        using var fresh = await CreateAsync("web");
        await fresh.AddAsync("Instrumentator.Dashboards");
        fresh.Edit(
            "Program.cs",
            ("var app = builder.Build();",
            """
            var app = builder.Build();
            app.UseInstrumentator();
            app.MapInstrumentatorPage().AllowAnonymous();
            """));

        await using var app = await fresh.StartAsync();
        using var page = await app.Client.GetAsync("/metrics-live", TestContext.Current.CancellationToken);
        var data = await app.Client.GetStringAsync("/metrics-live/data", TestContext.Current.CancellationToken);

        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("\"title\":\"Shop\"", data, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Instrumentator")]
    [InlineData("Instrumentator.Dashboards")]
    [InlineData("Instrumentator.Giraffe")]
    public async Task A_package_gives_the_schema_of_its_configuration_to_editors(string package)
    {
        using var fresh = await CreateAsync("web");
        await fresh.AddAsync(package);

        var items = await fresh.ItemsAsync("JsonSchemaSegment");

        var segment = Assert.Single(items, item => item.EndsWith("ConfigurationSchema.json", StringComparison.Ordinal));
        Assert.True(File.Exists(segment), segment);
    }

    // As docs/metrics.md says.
    [Fact]
    public async Task A_new_worker_shows_its_metrics_once_it_is_a_web_application()
    {
        using var fresh = await CreateAsync("worker");
        await fresh.AddAsync("Instrumentator");
        fresh.Edit(
            "Program.cs",
            ("using Shop;", "using Shop;\nusing Microsoft.AspNetCore.Builder;"),
            ("Host.CreateApplicationBuilder(args)", "WebApplication.CreateBuilder(args)"),
            ("host = builder.Build();", "host = builder.Build();\nhost.MapInstrumentator();"));
        fresh.Edit(
            "Worker.cs",
            ("namespace Shop;", "using Instrumentator;\n\nnamespace Shop;"),
            ("await Task.Delay(1000,", $"{Count}\nawait Task.Delay(60_000,"));

        await using var app = await fresh.StartAsync();

        await AssertShownAsync(app, "rounds_total");
    }

    [Fact]
    public async Task Two_functions_count_the_requests_of_a_new_FSharp_app()
    {
        using var fresh = await CreateAsync("web", "-lang", "F#");
        await fresh.AddAsync("Instrumentator.Giraffe");
        fresh.Edit(
            "Program.fs",
            ("open Microsoft.AspNetCore.Builder", "open Microsoft.AspNetCore.Builder\nopen Instrumentator.Giraffe"),
            ("let app = builder.Build()",
            """
            let app =
                    builder.Build()
                    |> useInstrumentator Instrumentation.defaults
                    |> mapInstrumentator "/metrics"
            """));

        await using var app = await fresh.StartAsync();

        await AssertCountedAsync(app, "/", "/");
    }

    private async Task<FreshApp> CreateAsync(params string[] template)
    {
        Assert.SkipUnless(
            OutsidePrograms.IsCi,
            "Creating and building apps takes minutes: CI does it. Set CI=true to do it here.");
        return await FreshApp.CreateAsync(await packages.FolderAsync(), template);
    }

    private static async Task AssertCountedAsync(SampleProcess app, string path, string handler)
    {
        await app.Client.GetStringAsync(path, TestContext.Current.CancellationToken);
        await AssertShownAsync(app, $"http_requests_total{{handler=\"{handler}\",method=\"GET\",status=\"2xx\"}}");
    }

    // A response is sent before its request is recorded, and a worker starts when it is its turn.
    private static async Task AssertShownAsync(SampleProcess app, string series)
    {
        var text = await Poll.UntilAsync(
            async () => (await ScrapeText.GetAsync(app.Client)).Text,
            IsShown,
            _patience);
        Assert.True(IsShown(text), $"{series} is not in:\n{text}");

        bool IsShown(string text) => text.Contains($"\n{series} 1\n", StringComparison.Ordinal);
    }
}
