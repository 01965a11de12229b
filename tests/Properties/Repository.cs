namespace Instrumentator.Properties;

/// <summary>Where the sources are: above the program that runs.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder) =>
        folder is null ? throw new DirectoryNotFoundException($"There is no Instrumentator.sln above {AppContext.BaseDirectory}.")
        : File.Exists(Path.Combine(folder.FullName, "Instrumentator.sln")) ? folder.FullName
        : Find(folder.Parent);
}
