using System.Reflection;

[assembly: AssemblyFixture(typeof(Instrumentator.EndToEnd.Packages.PackedPackages))]

namespace Instrumentator.EndToEnd.Packages;

/// <summary>The packages of this build, packed on first use into a folder of their own.</summary>
public sealed class PackedPackages : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("packages-");
    private readonly Lazy<Task> _packed;

    public PackedPackages() => _packed = new(PackAsync);

    /// <summary>The version of the core of this build.</summary>
    public static string Version { get; } =
        typeof(Instrumentation).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    /// <summary>Returns the folder, which is also a feed.</summary>
    public async Task<string> FolderAsync()
    {
        await _packed.Value;
        return _folder.FullName;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task PackAsync()
    {
        var configuration = typeof(PackedPackages).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!;
        var solution = Path.Combine(Snippets.Root, "Instrumentator.sln");
        await DotnetCommand.RunAsync(
            ["pack", solution, "--no-build", "-c", configuration.Configuration, "-o", _folder.FullName]);
    }
}
