using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using Instrumentator.Shared;

namespace Instrumentator.EndToEnd.Packages;

/// <summary>The contents of the packages.</summary>
public sealed class PackageTests(PackedPackages packages)
{
    private const string AspNetCore = "Microsoft.AspNetCore.App";

    [Fact]
    public async Task Every_project_of_src_is_a_package_with_symbols()
    {
        var files = new DirectoryInfo(await packages.FolderAsync()).GetFiles().Select(file => file.Name);

        string[] ids = ["Core", "Dashboards", "Giraffe", "PrometheusNet", "Testing"];
        Assert.Equal(
            ids.Select(id => $"Instrumentator.{id}")
                .Append("Instrumentator")
                .SelectMany(id => new[] { FileName(id, "nupkg"), FileName(id, "snupkg") })
                .Order(StringComparer.Ordinal),
            files.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Instrumentator", AspNetCore, "Instrumentator.Core")]
    [InlineData("Instrumentator.Core", null)]
    [InlineData("Instrumentator.Dashboards", AspNetCore, "Instrumentator")]
    [InlineData("Instrumentator.Giraffe", AspNetCore, "FSharp.Core", "Instrumentator", "Instrumentator.Dashboards")]
    [InlineData("Instrumentator.PrometheusNet", null, "Instrumentator.Core", "prometheus-net")]
    [InlineData("Instrumentator.Testing", null, "Instrumentator.Core")]
    public async Task A_package_depends_on_what_its_users_need_and_nothing_else(
        string id,
        string? framework,
        params string[] dependencies)
    {
        var metadata = await MetadataAsync(id);

        Assert.Equal(id, Text(metadata, "id"));
        Assert.Equal(PackedPackages.Version, Text(metadata, "version"));
        var group = Assert.Single(Elements(metadata, "dependencies"));
        Assert.Equal("net10.0", Attribute(group, "targetFramework"));
        Assert.Equal(dependencies, group.Elements().Select(Id).Order(StringComparer.Ordinal));
        Assert.All(
            group.Elements().Where(one => Id(one).StartsWith("Instrumentator", StringComparison.Ordinal)),
            one => Assert.Equal(PackedPackages.Version, Attribute(one, "version")));
        Assert.Equal(
            framework is null ? [] : [framework],
            Elements(metadata, "frameworkReferences").Elements().Select(one => Attribute(one, "name")));
    }

    [Theory]
    [InlineData("Instrumentator", "Instrumentator.Endpoints", "aspnetcore")]
    [InlineData("Instrumentator.Core", "Instrumentator.Core.CSharp", "openmetrics")]
    [InlineData("Instrumentator.Dashboards", "Instrumentator.Dashboards", "dashboard")]
    [InlineData("Instrumentator.Giraffe", "Instrumentator.Giraffe", "giraffe")]
    [InlineData("Instrumentator.PrometheusNet", "Instrumentator.PrometheusNet", "prometheus-net")]
    [InlineData("Instrumentator.Testing", "Instrumentator.Testing", "testing")]
    public async Task A_package_introduces_itself(string id, string project, string tag)
    {
        var metadata = await MetadataAsync(id);

        Assert.Equal("MIT", Text(metadata, "license"));
        Assert.Contains(tag, Text(metadata, "tags").Split(' '));
        Assert.Contains("prometheus", Text(metadata, "tags").Split(' '));
        Assert.Equal(ReleaseNotes(), Text(metadata, "releaseNotes").ReplaceLineEndings("\n"));

        await using var package = await OpenAsync(id, "nupkg");
        Assert.Equal(
            await File.ReadAllTextAsync(
                Path.Combine(Snippets.Root, "src", project, "PACKAGE.md"),
                TestContext.Current.CancellationToken),
            Encoding.UTF8.GetString(await ReadAsync(package, Text(metadata, "readme"))));
        var icon = await ReadAsync(package, Text(metadata, "icon"));
        Assert.Equal([0x89, .. "PNG"u8], icon[..4]);
        Assert.InRange(icon.Length, 1, 10_000);
    }

    [Theory]
    [InlineData("Instrumentator")]
    [InlineData("Instrumentator.Core")]
    [InlineData("Instrumentator.Dashboards")]
    [InlineData("Instrumentator.Giraffe")]
    [InlineData("Instrumentator.PrometheusNet")]
    [InlineData("Instrumentator.Testing")]
    public async Task A_package_has_one_assembly_with_its_documentation_and_symbols(string id)
    {
        await using var package = await OpenAsync(id, "nupkg");
        await using var symbols = await OpenAsync(id, "snupkg");

        Assert.Equal(
            [$"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"],
            Names(package).Where(name => name.StartsWith("lib/net10.0/", StringComparison.Ordinal)
                && name.Split('/').Length == 3));
        Assert.Contains($"lib/net10.0/{id}.pdb", Names(symbols));
        Assert.Contains(
            "<summary>",
            Encoding.UTF8.GetString(await ReadAsync(package, $"lib/net10.0/{id}.xml")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_package_of_an_app_has_the_schema_of_its_configuration_for_editors()
    {
        const string Schema = "ConfigurationSchema.json";
        await using var package = await OpenAsync("Instrumentator", "nupkg");

        Assert.Equal(
            await File.ReadAllBytesAsync(
                Path.Combine(Snippets.Root, "src", "Instrumentator.Endpoints", Schema),
                TestContext.Current.CancellationToken),
            await ReadAsync(package, Schema));
        var segment = XDocument
            .Parse(Encoding.UTF8.GetString(
                await ReadAsync(package, "buildTransitive/net10.0/Instrumentator.targets")))
            .Descendants("JsonSchemaSegment")
            .Single();
        Assert.Equal($"$(MSBuildThisFileDirectory)../../{Schema}", Attribute(segment, "Include"));
        Assert.Matches($"^{Attribute(segment, "FilePathPattern")}$", "appsettings.Development.json");
    }

    [Fact]
    public async Task A_release_without_a_feed_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "eng/release needs bash.");
        var script = Path.Combine(Snippets.Root, "eng", "release");

        await using var release = ChildProcess.Start("bash", [script], "NUGET_SOURCE", "NUGET_API_KEY");
        await release.WaitForExitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(1, release.ExitCode);
        Assert.Contains("NUGET_SOURCE is not set", release.Output, StringComparison.Ordinal);
        Assert.Contains("NUGET_API_KEY is not set", release.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Successfully created package", release.Output, StringComparison.Ordinal);
    }

    // A page on a package site has no files beside it.
    [Fact]
    public void The_pages_of_packages_have_no_relative_links()
    {
        var pages = Snippets.PackagePages.ToArray();

        Assert.Equal(6, pages.Length);
        Assert.All(pages, page =>
            Assert.DoesNotMatch(@"\]\((?!https://)", File.ReadAllText(page)));
    }

    [Fact]
    public void The_core_writes_the_metrics_of_a_library()
    {
        // snippet:core
        var registry = new Registry();
        var jobs = registry.Counter("jobs_total", "Jobs done by queue.", "queue");
        var duration = registry.Histogram("job_duration_seconds", "Duration of jobs.", [0.1, 1, 10]);

        jobs.With("mail").Increment();
        duration.Observe(0.25);

        var text = registry.ToText();    // as Prometheus reads it
        // endsnippet

        var scrape = new ScrapeText(text);
        Assert.Equal(1, scrape["jobs_total{queue=\"mail\"}"]);
        Assert.Equal(1, scrape["job_duration_seconds_bucket{le=\"1.0\"}"]);
    }

    // From the heading of the version, or else of what is unreleased, to the next heading of that level.
    private static string ReleaseNotes()
    {
        var sections = File.ReadAllText(Path.Combine(Snippets.Root, "CHANGELOG.md")).Split("\n## ")[1..];
        return (Section(PackedPackages.Version) ?? Section("Unreleased"))!.Trim();

        string? Section(string name) =>
            sections.FirstOrDefault(one => one.StartsWith($"[{name}]", StringComparison.Ordinal));
    }

    private async Task<XElement> MetadataAsync(string id)
    {
        await using var package = await OpenAsync(id, "nupkg");
        using var nuspec = new MemoryStream(await ReadAsync(package, $"{id}.nuspec"));
        return XDocument.Load(nuspec).Root!.Elements().Single();
    }

    private async Task<ZipArchive> OpenAsync(string id, string extension) =>
        await ZipFile.OpenReadAsync(
            Path.Combine(await packages.FolderAsync(), FileName(id, extension)),
            TestContext.Current.CancellationToken);

    private static string FileName(string id, string extension) => $"{id}.{PackedPackages.Version}.{extension}";

    private static IEnumerable<string> Names(ZipArchive package) => package.Entries.Select(entry => entry.FullName);

    private static async Task<byte[]> ReadAsync(ZipArchive package, string name)
    {
        await using var entry = await package.GetEntry(name)!.OpenAsync(TestContext.Current.CancellationToken);
        using var content = new MemoryStream();
        await entry.CopyToAsync(content, TestContext.Current.CancellationToken);
        return content.ToArray();
    }

    private static string Text(XElement metadata, string name) =>
        metadata.Elements().Single(element => element.Name.LocalName == name).Value;

    private static string Id(XElement dependency) => Attribute(dependency, "id");

    private static string Attribute(XElement element, string name) => element.Attribute(name)!.Value;

    private static IEnumerable<XElement> Elements(XElement metadata, string name) =>
        metadata.Elements().Where(element => element.Name.LocalName == name).Elements();
}
