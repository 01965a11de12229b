namespace Instrumentator.Properties;

/// <summary>Finds the sources, in a parent folder of the running program.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder) =>
        folder is null
            ? throw new DirectoryNotFoundException($"There is no Instrumentator.sln above {AppContext.BaseDirectory}.")
        : File.Exists(Path.Combine(folder.FullName, "Instrumentator.sln")) ? folder.FullName
        : Find(folder.Parent);
}
