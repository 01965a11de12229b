using System.Text.Json.Nodes;
using Instrumentator.Shared;

namespace Instrumentator.EndToEnd.Packages;

/// <summary>An app of one of the SDK's templates, in a folder of its own that goes with it.</summary>
internal sealed class FreshApp : IDisposable
{
    // The machine's sources apply as well. The packages of this build come from the feed, never from a cache.
    private const string NuGetConfig =
        """
        <configuration>
          <config>
            <add key="globalPackagesFolder" value="packages" />
          </config>
          <packageSources>
            <add key="this-build" value="{0}" />
          </packageSources>
        </configuration>
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fresh-app-");

    private FreshApp(string feed) =>
        File.WriteAllText(
            Path.Combine(_folder.FullName, "NuGet.config"),
            NuGetConfig.Replace("{0}", feed, StringComparison.Ordinal));

    private string Project => Path.Combine(_folder.FullName, "Shop");

    public static async Task<FreshApp> CreateAsync(string feed, params string[] template)
    {
        var app = new FreshApp(feed);
        await DotnetCommand.RunAsync(["new", .. template, "--no-restore", "-n", "Shop", "-o", app.Project]);
        return app;
    }

    public Task AddAsync(string package) => DotnetCommand.RunAsync("add", Project, "package", package);

    /// <summary>Returns the full paths of the items of one kind, as editors ask for them.</summary>
    public async Task<string[]> ItemsAsync(string kind)
    {
        var json = await DotnetCommand.RunAsync("msbuild", Project, $"-getItem:{kind}", "-nodeReuse:false");
        return
        [
            .. JsonNode.Parse(json)!["Items"]![kind]!.AsArray().Select(item => item!["FullPath"]!.GetValue<string>()),
        ];
    }

    /// <summary>Changes the program as a user does; each text must be there once.</summary>
    public void Edit(string file, params (string From, string To)[] edits)
    {
        var path = Path.Combine(Project, file);
        var text = File.ReadAllText(path).ReplaceLineEndings("\n");
        foreach (var (from, to) in edits)
        {
            Assert.Equal(2, text.Split(from).Length);
            text = text.Replace(from, to, StringComparison.Ordinal);
        }
        File.WriteAllText(path, text);
    }

    /// <summary>Builds and starts it.</summary>
    public async Task<SampleProcess> StartAsync()
    {
        string[] endsByItself = ["-nodeReuse:false", "-p:UseSharedCompilation=false"];
        await DotnetCommand.RunAsync(["build", Project, .. endsByItself, "-o", Output]);
        return await SampleProcess.StartProgramAsync(
            SampleProcess.Dotnet,
            "exec",
            Path.Combine(Output, "Shop.dll"),
            "--contentRoot",
            Project);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Output => Path.Combine(_folder.FullName, "out");
}
